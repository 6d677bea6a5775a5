"""Who acts, when, and by what: the one argument of every act (DESIGN «The act»)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from journal.enums import Origin

if TYPE_CHECKING:
    from accounts.models import ApiToken, Organisation, User

APPLICATION = "Application"


@dataclass(frozen=True, slots=True)
class By:
    """`user` is None for the clock and a webhook, the holder for a key; `name` is kept whatever
    happens to the account; `organisation` is the one that the person works for at the moment, or
    that of the key.
    """

    at: dt.datetime
    name: str
    user: User | None = None
    organisation: Organisation | None = None
    origin: Origin = Origin.SCREEN
    key: ApiToken | None = None

    @classmethod
    def person(
        cls,
        user: User,
        at: dt.datetime,
        *,
        organisation: Organisation | None = None,
        origin: Origin = Origin.SCREEN,
    ) -> By:
        return cls(at, str(user), user, organisation, origin)

    @classmethod
    def software(cls, key: ApiToken, at: dt.datetime) -> By:
        """The software of an organisation, by its key: the holder answers for it."""
        name = f"{key.organisation} (clé « {key} »)"[:150]
        return cls(at, name, key.held_by, key.organisation, Origin.API, key)

    @classmethod
    def clock(cls, at: dt.datetime) -> By:
        """What the site does by itself at an instant."""
        return cls(at, APPLICATION, origin=Origin.CLOCK)

    @property
    def actor(self) -> User:
        """The person. Raises TypeError for an act that only a person does."""
        if self.user is None:
            raise TypeError(f"{self.name} is not a person")
        return self.user
