"""What a new date of a milestone may not be (refused), and what deserves a second look (warned)."""

import datetime as dt
from collections.abc import Mapping

from segur.lib import paris
from segur.lib.workdays import is_working_day

MIDNIGHT = dt.time(0)
NOON = dt.time(12)
FAR = dt.timedelta(days=400)


def refusals(
    *,
    old_due_at: dt.datetime,
    old_nature: str,
    due_at: dt.datetime,
    nature: str,
    now: dt.datetime,
) -> dict[str, str]:
    """Field → French sentence; empty when the amendment can be made.

    The nature alone may change, even of a milestone gone by. A date may not move into the past: it
    would make late whoever is waiting for it, by an act of today.
    """
    found = {}
    if paris.local(due_at).time() == MIDNIGHT:
        found["due_at"] = (
            "00h00 se lit comme la veille au soir : indiquez 23h59 la veille, ou une autre heure."
        )
    elif due_at != old_due_at and due_at <= now:
        found["due_at"] = f"Le {paris.long(due_at)} est déjà passé : la nouvelle date est à venir."
    elif due_at == old_due_at and nature == old_nature:
        found["due_at"] = (
            f"Rien ne change : ce jalon a déjà cette nature et cette date, le {paris.long(due_at)}."
        )
    return found


def warnings(
    *,
    number: int,
    old_due_at: dt.datetime,
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
    if abs(due_at - old_due_at) > FAR:
        found.append("La date change de plus d'un an : vérifiez l'année.")
    for other, at in sorted(others.items()):
        if (other < number) != (at < due_at) and at != due_at:
            place = "après" if at > due_at else "avant"
            found.append(
                f"Le jalon {other}, le {paris.short(at)}, viendra {place} le jalon {number}."
            )
    return found
