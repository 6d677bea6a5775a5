"""Tickets and outages as people work on them: a ticket has somebody in charge."""

from __future__ import annotations

from django.urls import reverse

from perf.models import Outage, Ticket
from teamwork.selectors.charges import SubjectKind

TICKETS = SubjectKind(
    slug="ticket",
    model=Ticket,
    organisation=lambda row: row.service.prestation.organisation_id,
    words=lambda row: f"Ticket {row.reference}, {row.service.prestation.client}",
    page=lambda row: reverse("perf:ticket", args=[row.pk]),
    one="ticket",
    many="tickets",
    mine=lambda: f"{reverse('perf:tickets')}?charge=moi",
    open=lambda rows: rows.filter(restored_at=None),
    load=("service__prestation__client",),
)
OUTAGES = SubjectKind(
    slug="panne",
    model=Outage,
    organisation=lambda row: row.service.prestation.organisation_id,
    words=lambda row: f"{row.title}, {row.service.prestation.client}",
    page=lambda row: reverse("perf:outage", args=[row.pk]),
    one="indisponibilité",
    many="indisponibilités",
    mine=lambda: reverse("perf:index"),
    open=lambda rows: rows.filter(ended_at=None),
    load=("service__prestation__client", "counting"),
    takes_charge=False,
)
