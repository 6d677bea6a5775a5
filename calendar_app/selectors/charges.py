"""A deadline as somebody can be in charge of it."""

from __future__ import annotations

from django.urls import reverse

from calendar_app.enums import OPEN_STATES
from calendar_app.models import Deadline
from teamwork.selectors.charges import SubjectKind

DEADLINES = SubjectKind(
    slug="echeance",
    model=Deadline,
    organisation=lambda row: row.organisation_id,
    words=str,
    page=lambda row: row.page or reverse("deadlines:detail", args=[row.pk]),
    one="échéance",
    many="échéances",
    mine=lambda: f"{reverse('deadlines:index')}?charge=moi#liste",
    open=lambda rows: rows.filter(state__in=OPEN_STATES),
    load=("solution", "prestation__client", "prestation__supplier__solution"),
)
