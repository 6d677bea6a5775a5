"""What a member answers for, and who takes it over when they leave. Other apps add their kinds."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from django.db.models import QuerySet
from django.urls import reverse

from accounts.enums import ANS_ROLES
from accounts.models import Membership, User
from accounts.services.api_tokens import api_token_revoke, held_keys
from journal.rules.by import By
from segur.lib import paris


@dataclass(frozen=True, slots=True)
class Held:
    """Work of one kind: «3 PV à contrôler», and the page that lists it ("" without one).

    `outcome` says what happens to it when nobody needs to take it over.
    """

    words: str
    url: str = ""
    outcome: str = ""


Find: TypeAlias = Callable[[Membership, dt.datetime], list[Held]]
HandOver: TypeAlias = Callable[[Membership, User | None, By], None]
"""The member who leaves, who takes over (None: whoever takes it next), who decides."""


def keys_of(membership: Membership, now: dt.datetime) -> list[Held]:
    """Keys end with the membership of who answers for them, unless somebody took them over."""
    names = [f"« {key} »" for key in held_keys(membership, paris.day(now))]
    if not names:
        return []
    plural = "s" if len(names) > 1 else ""
    words = f"{len(names)} clé{plural} d'API : {', '.join(names)}"
    outcome = f"retirée{plural} avec ce départ, sauf si un autre responsable les reprend avant"
    return [Held(words, reverse("accounts:api_tokens"), outcome)]


def revoke_keys(membership: Membership, _successor: User | None, by: By) -> None:
    for key in held_keys(membership, paris.day(by.at)):
        api_token_revoke(token=key, by=by)


_charges: list[tuple[Find, HandOver | None]] = [(keys_of, revoke_keys)]


def add_charge(find: Find, hand_over: HandOver | None = None) -> None:
    """Called by `registrations.py`; without `hand_over` for what stays with the organisation."""
    if (find, hand_over) not in _charges:
        _charges.append((find, hand_over))


def held_by(membership: Membership, *, now: dt.datetime) -> list[Held]:
    """Everything that this member has in the organisation."""
    return [held for find, _hand_over in _charges for held in find(membership, now)]


def needs_successor(held: list[Held]) -> bool:
    return any(not one.outcome for one in held)


def hand_over_all(membership: Membership, *, successor: User | None, by: By) -> None:
    """In the transaction that removes the member."""
    for _find, hand_over in _charges:
        if hand_over is not None:
            hand_over(membership, successor, by)


def stops_being_agent(membership: Membership) -> bool:
    """Whether this membership is the only one that makes the person an agent of the ANS."""
    others = Membership.objects.filter(user=membership.user_id, role__in=ANS_ROLES)
    return membership.role in ANS_ROLES and not others.exclude(pk=membership.pk).exists()


def successors(membership: Membership) -> QuerySet[User]:
    """The other members of the organisation with an open account."""
    others = Membership.objects.filter(organisation=membership.organisation_id)
    return User.objects.filter(
        is_active=True, pk__in=others.exclude(user=membership.user_id).values("user")
    )
