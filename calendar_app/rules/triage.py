"""What becomes, at an instant, of the reminders that are due: one rule for all that ask.

The dispatcher, the check at sending and the preview all ask `triage`, so that they cannot differ.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from calendar_app.rules.reminded import Key
from calendar_app.rules.steps import may_send
from calendar_app.rules.wishes import Answer

K = TypeVar("K")


@dataclass(frozen=True, slots=True)
class DueReminder(Generic[K]):
    """One due reminder, with the facts that decide on it; `key` is what the caller gets back.

    `last_at` is the instant of the deadline, or the end of the right. `is_current`: made for the
    present version of its date; `is_outrun`: a nearer step has left already, or is leaving.
    """

    key: K
    recipient_id: int
    subject: Key
    step: int
    last_at: dt.datetime
    is_current: bool
    is_open: bool
    is_concerned: bool
    is_outrun: bool
    answer: Answer


@dataclass(slots=True)
class Triage(Generic[K]):
    """`go` leaves now, `shown` is shown on the site only, `paused` and `closed_hours` wait; the
    others are settled, by reason.
    """

    go: list[K] = field(default_factory=list)
    shown: list[K] = field(default_factory=list)
    paused: list[K] = field(default_factory=list)
    closed_hours: list[K] = field(default_factory=list)
    superseded: dict[str, list[K]] = field(default_factory=lambda: defaultdict(list))
    cancelled: dict[str, list[K]] = field(default_factory=lambda: defaultdict(list))


MOVED = "la date de l'échéance a changé"
CLOSED = "l'échéance n'est plus à faire"
LEFT = "cette personne n'est plus concernée par l'échéance à cette étape"
NEARER = "un rappel plus proche de l'échéance est parti"


def triage(rows: Iterable[DueReminder[K]], now: dt.datetime) -> Triage[K]:
    """Sort due reminders, of one person or of many.

    Of several steps of one deadline only the nearest leaves, the others are superseded. A step
    that is refused does not hide one that is wanted.
    """
    result: Triage[K] = Triage()
    ready: dict[tuple[int, Key], list[DueReminder[K]]] = defaultdict(list)
    for row in rows:
        if not row.is_current:
            result.superseded[MOVED].append(row.key)
        elif reason := _refusal(row):
            result.cancelled[reason].append(row.key)
        elif row.is_outrun:
            result.superseded[NEARER].append(row.key)
        elif row.answer is Answer.LATER:
            result.paused.append(row.key)
        elif not may_send(now, row.last_at):
            result.closed_hours.append(row.key)
        else:
            ready[row.recipient_id, row.subject].append(row)
    for steps in ready.values():
        nearest, *others = sorted(steps, key=lambda row: row.step)
        leaving = result.shown if nearest.answer is Answer.NO_KIND else result.go
        leaving.append(nearest.key)
        result.superseded[NEARER] += [other.key for other in others]
    return result


def _refusal(row: DueReminder[K]) -> str:
    if not row.is_open:
        return CLOSED
    if not row.is_concerned:
        return LEFT
    return row.answer.value if row.answer is Answer.NO_STEP else ""
