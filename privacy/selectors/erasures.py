"""What an erasure would do, before it is asked or done."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from accounts.models import Membership, User
from accounts.services.departures import held_by
from accounts.services.memberships import is_last_leader
from journal.models import Entry
from parameters.selectors import value
from privacy.rules.parameters import ERASURE_DAYS


@dataclass(frozen=True)
class ErasurePreview:
    """`obstacles`: why it cannot be done now; `work`: what is left to others, in words; `acts`: how
    many entries stay, signed «Personne effacée»."""

    memberships: list[Membership]
    obstacles: list[str]
    work: list[str]
    acts: int
    days: int


LAST = (
    "{role} de « {organisation} » : personne d'autre ne dirige cette organisation. Donnez d'abord "
    "ce rôle à quelqu'un d'autre."
)


def preview(user: User, *, now: dt.datetime) -> ErasurePreview:
    memberships = list(Membership.objects.filter(user=user).select_related("organisation", "user"))
    return ErasurePreview(
        memberships=memberships,
        obstacles=obstacles(user),
        work=[held.words for one in memberships for held in held_by(one, now=now)],
        acts=Entry.objects.filter(signer__user_id=user.pk).count(),
        days=int(value(ERASURE_DAYS, at=now)),
    )


def obstacles(user: User) -> list[str]:
    """Why this person cannot be erased now, in sentences."""
    mine = Membership.objects.filter(user=user, organisation__is_active=True)
    return [
        LAST.format(role=one.get_role_display(), organisation=one.organisation)
        for one in mine.select_related("organisation")
        if is_last_leader(one)
    ]
