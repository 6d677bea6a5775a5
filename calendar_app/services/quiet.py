"""What is long to find on a large site, kept as long as nobody acts: a minute at most."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from django.core.cache import cache
from django.db.models import Max

from journal.models import Entry

if TYPE_CHECKING:
    from accounts.models import Organisation, User

T = TypeVar("T")
LARGE = 20_000
"""Entries of the journal: on a smaller site nothing is kept."""
SECONDS = 60
LATEST = 1_000
"""Numbers of entries among which one may still be committed after a later one."""


def kept_while_quiet(
    name: str,
    user: User,
    organisation: Organisation | None,
    find: Callable[[], T],
    *,
    now: dt.datetime,
) -> T:
    """What `find` gives, or gave to this person this minute if the journal has no entry since: an
    act of anybody shows at once, and a date that passes at its minute. What is no act (an account
    that is opened, a mail that has left) may show a minute later.
    """
    last = Entry.objects.order_by().aggregate(last=Max("pk"))["last"] or 0
    if last < LARGE:
        return find()
    # Two acts at once may commit in the other order than their numbers.
    latest = Entry.objects.order_by().filter(pk__gt=last - LATEST).count()
    reader = f"{user.pk}:{organisation.pk if organisation else 0}:{user.is_looked_through:d}"
    key = f"quiet:{name}:{reader}:{last}:{latest}:{int(now.timestamp()) // SECONDS}"
    found: T | None = cache.get(key)
    if found is None:
        found = find()
        cache.set(key, found, SECONDS)
    return found
