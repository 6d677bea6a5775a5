"""What is long to find on a large site, kept as long as nobody acts whom it concerns: a minute at
most."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING, TypeVar

from django.core.cache import cache

from calendar_app.selectors.concerning import LARGE, Reach, reach, reach_for

if TYPE_CHECKING:
    from accounts.models import Organisation, User

T = TypeVar("T")
SECONDS = 60


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
    def own(self) -> Reach:
        return self.whole if self.user.is_ans else reach_for(self.user)

    @property
    def keeps(self) -> bool:
        """Through «voir comme» nothing is: the cache may be a table, and nothing is written."""
        return not self.user.is_looked_through and self.whole[0] >= LARGE

    def keep(self, name: str, find: Callable[[], T]) -> T:
        """What `find` gives, or gave to this person this minute if the journal has no entry since
        that may concern them: an act shows at once, and a date that passes at its minute. What is
        no act (an account that is opened, a mail that has left) may show a minute later.
        """
        if not self.keeps:
            return find()
        key = f"quiet:{name}:{self._place}"
        kept: tuple[Reach, Reach, T] | None = cache.get(key)
        if kept is not None and kept[0] == self.whole:
            return kept[2]
        # `own` is read before `find`: what is committed meanwhile is not missed.
        if kept is None or kept[1] != self.own:
            kept = self.whole, self.own, find()
        cache.set(key, (self.whole, self.own, kept[2]), SECONDS)
        return kept[2]
