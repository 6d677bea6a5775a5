"""PV by how long they have waited for the ANS, in working days."""

from __future__ import annotations

import datetime as dt

from django.db.models import Q

from segur.lib import paris
from segur.lib.opening_hours import MIDNIGHT
from segur.lib.workdays import ONE_DAY, is_working_day

AGES: dict[str, tuple[str, int, int | None]] = {
    "moins-de-5": ("Moins de 5 jours ouvrés", 0, 5),
    "5-a-10": ("De 5 à 10 jours ouvrés", 5, 10),
    "plus-de-10": ("10 jours ouvrés et plus", 10, None),
}
"""The word in the address → its label, from how many working days, below how many."""


def aged(name: str, now: dt.datetime) -> Q:
    """Those sent so long ago; without a known name, all."""
    if name not in AGES:
        return Q()
    _label, least, below = AGES[name]
    found = Q(sent_at__isnull=False)
    if least:
        found &= Q(sent_at__lt=_since(least, now))
    if below:
        found &= Q(sent_at__gte=_since(below, now))
    return found


def _since(working_days: int, now: dt.datetime) -> dt.datetime:
    """Sent before this midnight, a PV has waited at least so many working days."""
    day, counted = paris.day(now), 0
    while counted < working_days:
        day -= ONE_DAY
        counted += is_working_day(day)
    return paris.at(day + ONE_DAY, MIDNIGHT)
