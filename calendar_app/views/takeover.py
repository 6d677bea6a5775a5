"""Take-over of the past: one screen, a line per milestone gone by, saved all or none."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.middleware import MemberRequest
from calendar_app.forms.takeover import PastForm
from calendar_app.models import Deadline, Prestation, Solution
from calendar_app.permissions import can_take_over
from calendar_app.rules.parameters import NOON_IN_TIME
from calendar_app.rules.rights import Unmet
from calendar_app.selectors.gates import unmet_of
from calendar_app.selectors.order import undone_before
from calendar_app.selectors.prestations import prestations_seen
from calendar_app.selectors.rights import reason_lines
from calendar_app.selectors.solutions import past_to_do
from calendar_app.services.takeover import LinesRefused, take_over_past
from calendar_app.views.solutions import get_solution
from journal.forms import hold_files, refuse
from journal.permissions import require
from journal.views.acts import remark
from parameters.selectors import value

MUST_FILE = (
    "Reprendre le passé engage l'organisation : seuls un Représentant ou un Mandataire peuvent le "
    "faire."
)


@require_http_methods(["GET", "HEAD", "POST"])
def solution(request: MemberRequest, pk: int) -> HttpResponse:
    subject = get_solution(request, pk)
    require(can_take_over(request.user, subject), MUST_FILE)
    now = timezone.now()
    past = past_to_do(request.user, solution=subject)
    return _take_over(request, subject, past, now)


@require_http_methods(["GET", "HEAD", "POST"])
def prestation(request: MemberRequest, pk: int) -> HttpResponse:
    subject = get_object_or_404(prestations_seen(request.user), pk=pk)
    require(can_take_over(request.user, subject), MUST_FILE)
    now = timezone.now()
    past = past_to_do(request.user, prestation=subject)
    return _take_over(request, subject, past, now)


def _take_over(
    request: MemberRequest,
    subject: Solution | Prestation,
    past: QuerySet[Deadline],
    now: dt.datetime,
) -> HttpResponse:
    page = "solutions:detail" if isinstance(subject, Solution) else "prestations:detail"
    forms = _forms(request, past, now)
    if not forms:
        messages.info(request, "Aucun jalon passé n'attend d'être repris.")
        return redirect(page, pk=subject.pk)
    if request.method == "POST" and _save(request, forms):
        return redirect(page, pk=subject.pk)
    context = {
        "subject": subject,
        "is_solution": isinstance(subject, Solution),
        "page": page,
        "forms": forms,
        "wrong": [form for form in forms if form.errors],
    }
    status = 422 if context["wrong"] else 200
    return render(request, "solutions/takeover.html", context, status=status)


def _forms(request: MemberRequest, past: QuerySet[Deadline], now: dt.datetime) -> list[PastForm]:
    data: Any = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    noon_in_time = bool(value(NOON_IN_TIME, at=now))
    rows = list(past)
    unmet, undone = unmet_of(rows, now), undone_before(rows)
    return [
        PastForm(
            *data,
            deadline=row,
            now=now,
            noon_in_time=noon_in_time,
            reasons=_reasons(row, unmet),
            undone=undone.get(row.pk),
        )
        for row in rows
    ]


def _reasons(deadline: Deadline, unmet: Mapping[int, Sequence[Unmet]]) -> list[dict[str, Any]]:
    """What the gates refuse today, for a page that is read before the date of the deposit."""
    if deadline.prestation is None:
        return []
    return reason_lines(unmet[deadline.pk], supplier=deadline.prestation.supplier)


def _save(request: MemberRequest, forms: Sequence[PastForm]) -> bool:
    if sum(not form.is_valid() for form in forms):
        for form in forms:
            hold_files(form)
        return False
    taken = [form for form in forms if form.is_taken]
    try:
        take_over_past(lines=[form.line() for form in taken], by=request.by)
    except LinesRefused as refused:
        for place, error in refused.errors.items():
            refuse(taken[place], error)
        for form in forms:
            hold_files(form, but=form.errors)
        return False
    for form in taken:
        remark(request, form)
    left = len(forms) - len(taken)
    plural = "s" if len(taken) > 1 else ""
    messages.success(
        request,
        f"{len(taken)} jalon{plural} repris"
        + (f", {left} encore à faire." if left else ". Le passé est complet."),
    )
    return True
