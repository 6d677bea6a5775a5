"""Who the people of an organisation are."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from typing import Any, NamedTuple

from django.db.models import QuerySet

from accounts.enums import Role
from accounts.models import Membership, User

Ids = Iterable[int] | QuerySet[Any, Any]


class Member(NamedTuple):
    user_id: int
    role: str
    since: dt.datetime


def members_of(organisations: Ids) -> dict[int, list[Member]]:
    """Organisation id → its active members. One query; `organisations` may be a subquery."""
    rows = Membership.objects.filter(
        organisation__in=organisations, organisation__is_active=True, user__is_active=True
    ).values_list("organisation_id", "user_id", "role", "created_at")
    members: dict[int, list[Member]] = defaultdict(list)
    for organisation_id, user_id, role, since in rows:
        members[organisation_id].append(Member(user_id, role, since))
    return members


def people_of(organisation_id: int) -> QuerySet[User]:
    """Every active member, to notify of a decision."""
    members = members_of([organisation_id])[organisation_id]
    return User.objects.filter(pk__in=[member.user_id for member in members]).order_by("pk")


def responsables() -> QuerySet[User]:
    """Those of the ANS, with an open account."""
    return User.objects.filter(
        is_active=True,
        memberships__role=Role.RESPONSABLE,
        memberships__organisation__is_active=True,
    ).distinct()
