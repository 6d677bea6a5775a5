"""What a member who leaves was in charge of goes to who takes over, or to nobody."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.db.models import QuerySet

from accounts.models import Membership
from accounts.services.departures import Held
from journal.rules.by import By
from teamwork.models import Absence, Charge
from teamwork.selectors.charges import every_kind

if TYPE_CHECKING:
    from accounts.models import User


def held(membership: Membership, _now: dt.datetime) -> list[Held]:
    """By kind, what is still to do."""
    found = []
    for kind in every_kind():
        if not kind.takes_charge:
            continue
        keys = _charges(membership).filter(subject_type=kind.type).values("subject_id")
        count = kind.open(kind.rows().filter(pk__in=keys)).count()
        if count:
            found.append(Held(f"{kind.counted(count)} en charge", kind.mine()))
    return found


def hand_over(membership: Membership, successor: User | None, _by: By) -> None:
    """The entry of the departure says who takes over."""
    charges = _charges(membership)
    if successor is None:
        charges.delete()
    else:
        charges.update(person=successor)
    Absence.objects.filter(user=membership.user_id).delete()
    Absence.objects.filter(stand_in=membership.user_id).delete()


def _charges(membership: Membership) -> QuerySet[Charge]:
    return Charge.objects.filter(organisation=membership.organisation_id, person=membership.user_id)
