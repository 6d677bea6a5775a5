"""What a member leaves behind: interviews to come of an agent of the ANS, seats at interviews of
somebody of an éditeur.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.db.models import QuerySet
from django.urls import reverse

from accounts.models import Membership
from accounts.services.departures import Held, stops_being_agent
from pilots.prefiguration.models import Prefigurateur
from pilots.prefiguration.services import stages
from pilots.prefiguration.services.interviews import ahead
from pilots.prefiguration.services.invitations import Method, tell_members

if TYPE_CHECKING:
    from accounts.models import User


def held(membership: Membership, now: dt.datetime) -> list[Held]:
    """Nothing for somebody who stays an agent through another organisation."""
    found = []
    if interviews := _interviews(membership, now).count():
        plural = "s" if interviews > 1 else ""
        words = f"{interviews} entretien{plural} de préfigurateur à venir"
        found.append(Held(words, reverse("prefigurateurs:index")))
    if seats := _seats(membership, now).count():
        plural = "s" if seats > 1 else ""
        words = f"{seats} participation{plural} à un entretien de préfigurateur"
        found.append(Held(words, reverse("prefigurateurs:index"), outcome="retirée" + plural))
    return found


def hand_over(
    membership: Membership, successor: User | None, actor: User, now: dt.datetime
) -> None:
    """Each interview keeps its place and hour under the successor's name."""
    _hand_over_interviews(membership, successor, actor, now)
    _give_up_seats(membership, actor, now)


def _hand_over_interviews(
    membership: Membership, successor: User | None, actor: User, now: dt.datetime
) -> None:
    to = str(successor) if successor else "personne pour l'instant"
    what = f"Entretien confié à {to}, au départ de {membership.user}"
    for found in _interviews(membership, now).order_by("pk"):
        row = stages.lock(found)
        stages.save(row, actor=actor, now=now, interview_by=successor)
        stages.journal(row, actor=actor, what=what, now=now)


def _give_up_seats(membership: Membership, actor: User, now: dt.datetime) -> None:
    leaver = membership.user
    for row in _seats(membership, now).order_by("pk"):
        row.attendees.remove(leaver)
        if at := ahead(row, now):
            tell_members(row, [leaver], at=at, method=Method.CANCEL, now=now)
        stages.journal(row, actor=actor, what=f"{leaver} ne participe plus : départ", now=now)


def _interviews(membership: Membership, now: dt.datetime) -> QuerySet[Prefigurateur]:
    mine = Prefigurateur.objects.filter(interview_by=membership.user_id, interview_at__gt=now)
    return mine if stops_being_agent(membership) else mine.none()


def _seats(membership: Membership, now: dt.datetime) -> QuerySet[Prefigurateur]:
    return Prefigurateur.objects.filter(
        attendees=membership.user_id,
        solution__organisation=membership.organisation_id,
        interview_at__gt=now,
    )
