"""PV under review that an agent of the ANS leaves behind."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet
from django.urls import reverse

from accounts.models import Membership
from accounts.services.departures import Held, stops_being_agent
from journal.rules.by import By
from pilots.enums import WAITING_STATES
from pilots.permissions import can_review
from pilots.pv.models import PilotPV
from pilots.pv.selectors.reviewers import may_confirm
from pilots.pv.services import transitions
from pilots.pv.services.pending import ask_second
from pilots.pv.services.review import assign_to

if TYPE_CHECKING:
    from accounts.models import User


def held(membership: Membership, _now: dt.datetime) -> list[Held]:
    """Nothing for somebody who stays an agent through another organisation."""
    count = _pvs(membership).count()
    words = f"{count} PV d'installation pilote à contrôler"
    return [Held(words, reverse("review:index"))] if count else []


def hand_over(membership: Membership, successor: User | None, by: By) -> None:
    """Each PV goes to the successor, or waits to be taken where that person may not review it."""
    leaver = membership.user
    for found in _pvs(membership).order_by("pk"):
        pv = transitions.lock(found)
        if pv.second_agent_id == leaver.pk:
            _hand_over_confirmation(pv, successor, by)
        if pv.assigned_to_id != leaver.pk:
            continue
        to = successor if successor and can_review(successor, pv) else None
        assign_to(pv, to, by=by.user, now=by.at)
        what = "Affecté à {1}, au départ de {0}" if to else "À prendre : départ de {0}"
        people = [leaver, to] if to else [leaver]
        transitions.journal(pv, "hand_over", by=by, what=what, people=people)


def _hand_over_confirmation(pv: PilotPV, successor: User | None, by: By) -> None:
    """To the successor who may confirm; else to any other agent, as before one was asked."""
    leaver, decision = pv.second_agent, pv.decisions.pending().first()
    pv.second_agent = None
    pv.save(update_fields=["second_agent"])
    what = "Confirmation attendue de tout autre agent : départ de {0}"
    transitions.journal(pv, "hand_over", by=by, what=what, people=[leaver] if leaver else [])
    if successor and decision and may_confirm(pv, successor, decision):
        ask_second(pv, to=successor, by=by)


def _pvs(membership: Membership) -> QuerySet[PilotPV]:
    theirs = Q(assigned_to=membership.user_id) | Q(second_agent=membership.user_id)
    mine = PilotPV.objects.filter(theirs, state__in=WAITING_STATES)
    return mine if stops_being_agent(membership) else mine.none()
