"""Who is away, and who stands in for them."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from functools import partial

from django.db.models import QuerySet

from accounts.models import Membership, User
from segur.lib import paris
from segur.lib.once import once
from teamwork.models import Absence


def stand_ins(users: Iterable[User], now: dt.datetime) -> list[User]:
    """Of those of these people who are away: who stands in, once each. Two queries at most.

    A stand-in who has left one of the organisations of the absent person, or whose account is
    closed, reads their mails no more.
    """
    found = _in_force([user.pk for user in users], paris.day(now))
    people = {absence.stand_in.pk: absence.stand_in for absence in found}
    return [people[pk] for pk in sorted(people)]


def absences_in_force(users: Iterable[int], now: dt.datetime) -> dict[int, Absence]:
    """Person → their absence, of those who are away and have somebody who may stand in."""
    return {row.user_id: row for row in _in_force(list(users), paris.day(now))}


def covered_by(user: User, now: dt.datetime) -> set[int]:
    """This person, and those for whom they stand in today."""
    day = paris.day(now)
    return once(("covered by", user.pk, day), partial(_covered_by, user.pk, day))


def _covered_by(user: int, day: dt.date) -> set[int]:
    away = Absence.objects.filter(stand_in=user, until__gte=day).values_list("user", flat=True)
    return {user, *(absence.user_id for absence in _in_force(list(away), day))}


def absence_of(user: User, now: dt.datetime) -> Absence | None:
    rows = Absence.objects.filter(user=user, until__gte=paris.day(now))
    return rows.select_related("stand_in").first()


def may_stand_in(user: User) -> QuerySet[User]:
    """The colleagues who are members of every organisation of this person: they may read what its
    mails say."""
    found = User.objects.filter(is_active=True).exclude(pk=user.pk)
    for organisation in user.roles:
        found = found.filter(memberships__organisation=organisation)
    return found.order_by("full_name", "email") if user.roles else found.none()


def _in_force(users: list[int], day: dt.date) -> list[Absence]:
    if not users:
        return []
    rows = list(
        Absence.objects.filter(
            user__in=users, until__gte=day, stand_in__is_active=True
        ).select_related("stand_in")
    )
    organisations = _organisations({pk for row in rows for pk in (row.user_id, row.stand_in_id)})
    return [row for row in rows if organisations[row.user_id] <= organisations[row.stand_in_id]]


def _organisations(users: set[int]) -> dict[int, set[int]]:
    found: dict[int, set[int]] = defaultdict(set)
    if users:
        rows = Membership.objects.filter(user__in=users, organisation__is_active=True)
        for user, organisation in rows.values_list("user_id", "organisation_id"):
            found[user].add(organisation)
    return found
