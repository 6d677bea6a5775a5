"""The agents of the ANS who may review a PV, or confirm what another proposed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from django.db.models import QuerySet

from accounts.enums import ANS_ROLES
from accounts.models import Membership, User
from accounts.selectors.parties import parties
from pilots.permissions import organisations_of
from pilots.pv.models import PilotPV, PVDecision


def agents() -> QuerySet[User]:
    """Who may be given a PV; whether this one is `can_review`."""
    return User.objects.filter(
        is_active=True,
        pk__in=User.objects.filter(
            memberships__role__in=ANS_ROLES, memberships__organisation__is_active=True
        ).values("pk"),
    )


def agents_for(pvs: Iterable[PilotPV]) -> QuerySet[User]:
    """Those of them who may be given at least one of these PV."""
    own = [organisations_of(pv.pilot.prestation) for pv in pvs]
    rows = Membership.objects.filter(
        organisation__in=set().union(*own), organisation__is_active=True, user__in=agents()
    )
    theirs: defaultdict[int, set[int]] = defaultdict(set)
    for user, organisation in rows.values_list("user_id", "organisation_id"):
        theirs[user].add(organisation)
    barred = [user for user, found in theirs.items() if all(found & one for one in own)]
    return agents().exclude(pk__in=barred)


def seconds_for(pv: PilotPV, decision: PVDecision) -> QuerySet[User]:
    """Who may confirm this «non conforme»: the agents who are strangers to the PV, and did not
    propose it.
    """
    barred = {*parties(pv).people, decision.decided_by_id or 0}
    return agents_for([pv]).exclude(pk__in=barred)


def may_confirm(pv: PilotPV, user: User, decision: PVDecision) -> bool:
    return seconds_for(pv, decision).filter(pk=user.pk).exists()
