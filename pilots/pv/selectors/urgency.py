"""What of the pilot PV needs somebody now: to correct, to send, to review, to publish."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from django.db.models import Count, Min
from django.urls import reverse

from accounts.models import User
from accounts.permissions import is_agent, is_responsable, preparable
from calendar_app.rules.urgency import Alike, Urgent
from pilots.enums import AspRequestState, PVState
from pilots.permissions import can_publish
from pilots.pv.models import AspRequest, PilotPV
from pilots.pv.selectors.publications import proposals, to_withdraw
from pilots.pv.selectors.queue import of_view
from segur.lib import paris
from segur.lib.opening_hours import MIDNIGHT
from teamwork.selectors.charges import in_charge

TO_DO = {
    PVState.NOT_CONFORM: ("PV non conforme à corriger", "Corriger le PV"),
    PVState.SIGNED: ("PV signé à transmettre", "Ouvrir le PV"),
}
ASKED_BY_ASP = (AspRequestState.INCOMPLETE, AspRequestState.TO_MODIFY)
QUEUE = {
    "les-miens": "PV que vous instruisez",
    "a-confirmer": "PV non conforme à confirmer",
    "a-prendre": "PV à prendre",
}


def urgent_pvs(user: User, now: dt.datetime) -> Iterator[Urgent]:
    if preparable(user):
        yield from _of_suppliers(user)
        yield from _asked_by_asp(user)
    if is_agent(user):
        yield from _of_reviewers(user)
        yield from _to_withdraw(user, now)
    if is_responsable(user):
        yield from _to_publish()


def _of_suppliers(user: User) -> Iterator[Urgent]:
    """A PV that the ANS sent back, or that is signed and not sent: it blocks the solde."""
    rows = PilotPV.objects.filter(
        state__in=TO_DO,
        pilot__withdrawn_at=None,
        pilot__prestation__organisation__in=preparable(user),
    ).select_related("pilot__prestation__client")
    pvs = list(rows.order_by("pk"))
    people = in_charge(PilotPV, [pv.pk for pv in pvs])
    for pv in pvs:
        what, act = TO_DO[PVState(pv.state)]
        yield Urgent(
            what=f"{what}, {pv.pilot.prestation.client}",
            url=reverse("pilots:pv", args=[pv.pk]),
            act=act,
            why="Nécessaire pour demander le solde",
            who=str(people.get(pv.pk, "")),
            since=pv.decided_at or pv.edited_at,
            alike=Alike("PV à corriger ou à transmettre", reverse("pilots:index"), "Voir les PV"),
        )


def _asked_by_asp(user: User) -> Iterator[Urgent]:
    """Pieces and corrections that the ASP waits for: it validates nothing before."""
    rows = AspRequest.objects.filter(
        state__in=ASKED_BY_ASP, prestation__organisation__in=preparable(user)
    ).select_related("prestation__client")
    for row in rows.order_by("on", "pk"):
        state = row.get_state_display().lower()
        yield Urgent(
            what=f"{row.get_kind_display()} {state}, {row.prestation.client}",
            url=reverse("pilots:request", args=[row.pk]),
            act="Compléter la demande",
            why=row.note,
            since=paris.at(row.on, MIDNIGHT) if row.on else None,
            alike=Alike(
                "demandes que l'ASP a renvoyées", reverse("pilots:index"), "Voir les demandes"
            ),
        )


def _of_reviewers(user: User) -> Iterator[Urgent]:
    """What waits in each view of the queue, folded."""
    for view, what in QUEUE.items():
        waiting = PilotPV.objects.visible_to(user).filter(of_view(view, user))
        found = waiting.aggregate(count=Count("pk", distinct=True), oldest=Min("sent_at"))
        if count := found["count"]:
            yield Urgent(
                what=f"{count} {what}",
                url=f"{reverse('review:index')}?vue={view}",
                act="Ouvrir la file",
                since=found["oldest"],
            )


def _to_publish() -> Iterator[Urgent]:
    found = proposals().aggregate(count=Count("pk"), oldest=Min("proposed_at"))
    if count := found["count"]:
        s = "s" if count > 1 else ""
        yield Urgent(
            what=f"{count} proposition{s} de publication à décider",
            url=reverse("review:index"),
            act="Voir les propositions",
            since=found["oldest"],
        )


def _to_withdraw(user: User, now: dt.datetime) -> Iterator[Urgent]:
    """Public, though their pilots justify them no more: a responsable opens the act, an agent the
    list."""
    decides = can_publish(user)
    for row in to_withdraw(now=now):
        yield Urgent(
            what=f"Publication à retirer, {row.solution_name}",
            url=reverse("publications:withdraw", args=[row.pk])
            if decides
            else f"{reverse('publications:index')}#publication-{row.pk}",
            act="Retirer la publication" if decides else "Voir la publication",
            why="Son périmètre pilote n'est plus justifié",
            who="" if decides else "un responsable de l'ANS",
            since=row.published_at,
        )
