"""A PV as somebody of its Fournisseur can be in charge of it; the ANS assigns its review."""

from __future__ import annotations

from django.urls import reverse

from pilots.enums import EDITABLE_STATES
from pilots.pv.models import PilotPV
from teamwork.selectors.charges import SubjectKind

PVS = SubjectKind(
    slug="pv",
    model=PilotPV,
    organisation=lambda row: row.pilot.prestation.organisation_id,
    words=lambda row: f"{row}, {row.pilot.prestation.client}",
    page=lambda row: reverse("pilots:pv", args=[row.pk]),
    one="PV",
    many="PV",
    mine=lambda: reverse("pilots:index"),
    open=lambda rows: rows.filter(state__in=EDITABLE_STATES),
    load=("pilot__prestation__client", "assigned_to"),
    is_seen_by_ans=lambda row: row.sent_at is not None,
    reviewers=lambda row: [row.assigned_to] if row.assigned_to else [],
)
