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
from journal.rules.by import By
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


def hand_over(membership: Membership, successor: User | None, by: By) -> None:
    """Each interview keeps its place and hour under the successor's name."""
    _hand_over_interviews(membership, successor, by)
    _give_up_seats(membership, by)


def _hand_over_interviews(membership: Membership, successor: User | None, by: By) -> None:
    to = "{1}" if successor else "personne pour l'instant"
    what = f"Entretien confié à {to}, au départ de {{0}}"
    people = [membership.user, *([successor] if successor else [])]
    for found in _interviews(membership, by.at).order_by("pk"):
        row = stages.lock(found)
        stages.save(row, interview_by=successor)
        stages.journal(row, "hand_over", by=by, what=what, people=people)


def _give_up_seats(membership: Membership, by: By) -> None:
    leaver = membership.user
    for row in _seats(membership, by.at).order_by("pk"):
        row.attendees.remove(leaver)
        if at := ahead(row, by.at):
            tell_members(row, [leaver], at=at, method=Method.CANCEL, by=by)
        what = "{0} ne participe plus : départ"
        stages.journal(row, "give_up_seat", by=by, what=what, people=[leaver])


def _interviews(membership: Membership, now: dt.datetime) -> QuerySet[Prefigurateur]:
    mine = Prefigurateur.objects.filter(interview_by=membership.user_id, interview_at__gt=now)
    return mine if stops_being_agent(membership) else mine.none()


def _seats(membership: Membership, now: dt.datetime) -> QuerySet[Prefigurateur]:
    return Prefigurateur.objects.filter(
        attendees=membership.user_id,
        solution__organisation=membership.organisation_id,
        interview_at__gt=now,
    )
