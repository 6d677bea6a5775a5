"""In what order the ANS reviews: by the risk for the applicant, never by who shouts loudest.

The usual review time is the median on closed files, in working days, from each sending to its
decision: what the Fournisseur took to correct between two sendings is left out.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from statistics import median_low

from pilots.enums import PVState
from segur.lib import paris
from segur.lib.workdays import days_before, working_days

DECIDED = (PVState.CONFORM, PVState.NOT_CONFORM)
SOON_MARGIN = 5
"""Working days of margin under which a PV is urgent."""


@dataclass(frozen=True)
class QueueStep:
    """A change of state of one PV, as its journal has it."""

    pv_id: int
    before: str
    after: str
    at: dt.datetime


@dataclass(frozen=True)
class EndedReview:
    """`days` are the working days that it took, `at` is its last decision."""

    pv_id: int
    at: dt.datetime
    days: int


def reviews(steps: Iterable[QueueStep]) -> list[EndedReview]:
    """Each review that has ended; `steps` are in order for each PV.

    A sending taken back by its Fournisseur was not reviewed; one given back to the queue, or whose
    «non conforme» was not confirmed, still waits for the ANS. A review that was reopened has not
    ended; decided again, it took the time before its first decision and after its reopening.
    """
    begun: dict[int, tuple[dt.datetime, int]] = {}
    ended: defaultdict[int, list[EndedReview]] = defaultdict(list)
    for step in steps:
        pv = step.pv_id
        if step.before == PVState.SIGNED and step.after == PVState.SENT:
            begun[pv] = (step.at, 0)
        elif step.after == PVState.SIGNED:
            begun.pop(pv, None)
        elif step.before == PVState.CONFORM and ended[pv]:
            begun[pv] = (step.at, ended[pv].pop().days)
        elif step.after in DECIDED and pv in begun:
            since, days = begun.pop(pv)
            ended[pv].append(EndedReview(pv, step.at, days + waited(since, step.at)))
    return [review for found in ended.values() for review in found]


def waited(since: dt.datetime, until: dt.datetime) -> int:
    """Working days from one Paris day to another, the last not counted."""
    return working_days(paris.day(since), paris.day(until))


def usual(durations: Iterable[int], *, default: int) -> int:
    """The median of the reviews that ended; `default` while there is none."""
    found = list(durations)
    return median_low(found) if found else default


@dataclass(frozen=True)
class Risk:
    """How much time the ANS still has. `act_by` is the last day on which to begin; `margin` the
    working days from today to that day, negative once it is behind.
    """

    legal_at: dt.datetime
    act_by: dt.date
    margin: int

    @property
    def is_late(self) -> bool:
        return self.margin < 0

    @property
    def is_soon(self) -> bool:
        return 0 <= self.margin < SOON_MARGIN

    @property
    def words(self) -> str:
        """«205 j ouvrés», «dépassée de 3 j ouvrés»."""
        days = abs(self.margin)
        text = f"{days} j ouvré{'s' if days > 1 else ''}" if days else "aucun jour ouvré"
        return f"dépassée de {text}" if self.is_late else text


def risk(legal_at: dt.datetime, now: dt.datetime, *, usual: int) -> Risk:
    """The next legal date of the applicant less the usual review time. The day of the legal date
    itself is not counted, nobody files in the minute that follows a decision.
    """
    today, act_by = paris.day(now), days_before(paris.last_day(legal_at), usual)
    late = today > act_by
    margin = -working_days(act_by, today) if late else working_days(today, act_by)
    return Risk(legal_at=legal_at, act_by=act_by, margin=margin)
