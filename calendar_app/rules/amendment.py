"""What a new date of a milestone may not be (refused), and what deserves a second look (warned)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from calendar_app.enums import Nature
from segur.lib import paris
from segur.lib.workdays import is_working_day

MIDNIGHT = dt.time(0)
NOON = dt.time(12)
FAR = dt.timedelta(days=400)


@dataclass(frozen=True)
class Dates:
    """What a milestone stands at: its regulatory date, and the estimate beside it."""

    due_at: dt.datetime | None
    estimated_at: dt.datetime | None = None

    def amended(self, instant: dt.datetime, nature: str) -> Dates:
        """A regulatory date replaces both; an estimate never replaces the regulatory date."""
        if nature == Nature.ESTIMATED:
            return Dates(self.due_at, instant)
        return Dates(instant)


def refusals(
    before: Dates, *, due_at: dt.datetime, nature: str, now: dt.datetime
) -> dict[str, str]:
    """Field → French sentence; empty when the amendment can be made.

    A date may not move into the past: it would make late whoever is waiting for it, by an act of
    today. The regulatory date in force may be confirmed while an estimate stands beside it.
    """
    found = {}
    if paris.local(due_at).time() == MIDNIGHT:
        found["due_at"] = (
            "00h00 se lit comme la veille au soir : indiquez 23h59 la veille, ou une autre heure."
        )
    elif before.amended(due_at, nature) == before:
        kind = "estimée" if nature == Nature.ESTIMATED else "réglementaire"
        found["due_at"] = f"Rien ne change : la date {kind} est déjà le {paris.long(due_at)}."
    elif due_at != before.due_at and due_at <= now:
        found["due_at"] = f"Le {paris.long(due_at)} est déjà passé : la nouvelle date est à venir."
    return found


def warnings(
    *,
    number: int,
    old_due_at: dt.datetime | None,
    due_at: dt.datetime,
    others: Mapping[int, dt.datetime],
) -> list[str]:
    """What is allowed and yet unusual. `others`: the calendar's other milestones, by number."""
    day = paris.day(due_at)
    found = []
    if not is_working_day(day):
        found.append(f"Le {paris.long_day(day)} n'est pas un jour ouvré.")
    if paris.local(due_at).time() != NOON:
        found.append(f"L'heure est {paris.clock(due_at)}, alors que les textes disent 12h.")
    if old_due_at and abs(due_at - old_due_at) > FAR:
        found.append("La date change de plus d'un an : vérifiez l'année.")
    for other, at in sorted(others.items()):
        if (other < number) != (at < due_at) and at != due_at:
            place = "après" if at > due_at else "avant"
            found.append(
                f"Le jalon {other}, le {paris.short(at)}, viendra {place} le jalon {number}."
            )
    return found
