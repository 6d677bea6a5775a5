"""Figures that are long to count: kept a while, and counted again at once for who changed them."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable
from typing import Any

from django.db.models import Max

from accounts.models import User
from calendar_app.models import KeptFigures
from journal.models import Entry

TIMES_ITS_COST = 100
LONG = 0.2
"""Seconds from which counting is so long that it is done as seldom as may be."""
LONGEST = dt.timedelta(minutes=10)

Count = Callable[[dt.datetime], Any]
"""An instant → the figures, as JSON values."""


def current(name: str, count: Count, *, now: dt.datetime, user: User | None = None) -> KeptFigures:
    """The kept figures, counted again when they are too old or when `user` acted since.

    They are kept a hundred times as long as they took to count, and ten minutes from `LONG`
    on: on a small site they are always fresh. An act is what the journal has of this person.
    """
    kept = KeptFigures.objects.filter(name=name).first()
    if kept is None or _is_old(kept, now) or (user and _acted(user, kept)):
        return renew(name, count, now=now)
    return kept


def renew(name: str, count: Count, *, now: dt.datetime) -> KeptFigures:
    """The newest entry is read first: what comes meanwhile is never missed."""
    last = Entry.objects.order_by().aggregate(last=Max("pk"))["last"] or 0
    begin = time.perf_counter()
    data = count(now)
    values = {"made_at": now, "seconds": time.perf_counter() - begin, "last_entry": last}
    return KeptFigures.objects.update_or_create(name=name, defaults={**values, "data": data})[0]


def _is_old(kept: KeptFigures, now: dt.datetime) -> bool:
    age = now - kept.made_at
    is_long = kept.seconds >= LONG
    worth = LONGEST if is_long else TIMES_ITS_COST * dt.timedelta(seconds=kept.seconds)
    return not dt.timedelta() <= age <= worth


def _acted(user: User, kept: KeptFigures) -> bool:
    return Entry.objects.filter(pk__gt=kept.last_entry, signer__user_id=user.pk).exists()
