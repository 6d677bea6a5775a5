"""What is long to find on a large site, kept as long as nobody acts whom it concerns: a minute at
most."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING, TypeVar

from django.core.cache import cache

from calendar_app.selectors.concerning import LARGE, Reach, reach, reach_for

if TYPE_CHECKING:
    from accounts.models import Organisation, User

T = TypeVar("T")
SECONDS = 60
PATIENCE, PAUSE = 5, 0.05
"""Seconds, at most, that a request waits for what another one finds; and between two looks."""


class Quiet:
    """What was found for a person who works for an organisation, at an instant."""

    def __init__(self, user: User, organisation: Organisation | None, now: dt.datetime) -> None:
        self.user, self.now = user, now
        # Whoever leaves an organisation is concerned no more by the entry that says so.
        roles = ",".join(f"{pk}={role}" for pk, role in sorted(user.roles.items()))
        reader = f"{user.pk}:{organisation.pk if organisation else 0}:{roles}"
        self._place = f"{reader}:{int(now.timestamp()) // SECONDS}"

    @cached_property
    def whole(self) -> Reach:
        return reach()

    @cached_property
    def own(self) -> tuple[Reach, Reach]:
        return reach_for(self.user)

    @property
    def keeps(self) -> bool:
        """Through «voir comme» nothing is: the cache may be a table, and nothing is written."""
        return not self.user.is_looked_through and self.whole[0] >= LARGE

    def keep(self, name: str, find: Callable[[], T], *, is_steady: bool = False) -> T:
        """What `find` gives, or gave to this person this minute if the journal has no entry since
        that may concern them: an act shows at once, and a date that passes at its minute. What is
        no act (an account that is opened, a mail that has left) may show a minute later. What
        `is_steady` rests on nothing that an act on a deadline changes, and outlives those.
        """
        if not self.keeps:
            return find()
        key = f"quiet:{name}:{self._place}"
        kept: tuple[Reach, Reach, T] | None = cache.get(key)
        if kept is not None and kept[0] == self.whole:
            return kept[2]
        own = self.own[is_steady]
        if kept is None or not _is_new(kept[1], own):
            return self._made(key, find, own)
        cache.set(key, (self.whole, *kept[1:]), SECONDS)
        return kept[2]

    def _made(self, key: str, find: Callable[[], T], own: Reach) -> T:
        """Of the requests that ask for the same at once, one finds it. The others wait for what is
        at least as new as they would find themselves: after an act, twenty threads that make the
        same page together would take twenty times as long.
        """
        finding, stop = f"{key}:finding", time.monotonic() + PATIENCE
        while not cache.add(finding, 1, PATIENCE) and time.monotonic() < stop:
            time.sleep(PAUSE)
            kept: tuple[Reach, Reach, T] | None = cache.get(key)
            if kept is not None and _is_new(kept[1], own):
                return kept[2]
        try:
            # `own` was read before `find`: what is committed meanwhile is not missed.
            found = find()
            cache.set(key, (self.whole, own, found), SECONDS)
        finally:
            cache.delete(finding)
        return found


def _is_new(reach: Reach, own: Reach) -> bool:
    """Whether what was found when the journal went so far lacks nothing."""
    return reach == own or reach[0] > own[0]
