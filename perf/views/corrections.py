"""Corrections that lower D_f: what waits for the ANS, and its decision."""

from __future__ import annotations

from functools import partial

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.middleware import MemberRequest
from accounts.selectors.parties import is_party
from journal.permissions import require
from journal.selectors.entries import history
from journal.views.acts import form_page, press, submit
from perf.enums import CorrectionState
from perf.forms.corrections import CorrectionDecisionForm
from perf.models import Correction
from perf.permissions import can_decide, can_withdraw
from perf.selectors.correction_effects import correction_effects
from perf.selectors.correction_lists import closed_rows, corrections_seen, pending_lines
from perf.services import corrections
from segur.requests import posted

PER_PAGE = 50
MUST_BE_AGENT = "Seul un agent de l'ANS décide d'une correction à la baisse."
MUST_ASK = "Seul un membre de l'organisation qui a demandé cette correction la retire."
WITHDRAWN = "Demande retirée : D_f ne change pas. Les membres du Fournisseur sont prévenus."


@require_safe
def index(request: MemberRequest) -> HttpResponse:
    seen = corrections_seen(request.user)
    context = {
        "lines": pending_lines(seen, timezone.now()),
        "page_obj": Paginator(closed_rows(seen), PER_PAGE).get_page(request.GET.get("page")),
    }
    return render(request, "perf/corrections/index.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def correction(request: MemberRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(corrections_seen(request.user), pk=pk)
    if request.method == "POST":
        require(can_decide(request.user), MUST_BE_AGENT)
    is_pending = row.state == CorrectionState.PENDING
    is_open = is_pending and can_decide(request.user)
    is_barred = is_open and is_party(request.user, row)
    form = CorrectionDecisionForm(posted(request)) if is_open and not is_barred else None
    if request.method == "POST" and form is None:
        form = CorrectionDecisionForm(request.POST)
    act = partial(corrections.decide, row, by=request.by)
    back = reverse("perf:corrections")
    return submit(request, form, act, done=_decided, to=back) or form_page(
        request,
        form,
        "perf/corrections/detail.html",
        title="Correction à la baisse",
        button="Enregistrer la décision",
        back=back,
        correction=row,
        prestation=row.service.prestation,
        is_barred=is_barred,
        effect=correction_effects([row], timezone.now())[row.pk] if is_pending else None,
        may_withdraw=is_pending and can_withdraw(request.user, row),
        is_author=row.proposed_by_id == request.user.pk,
        events=history(row, request.user),
    )


def _decided(row: Correction) -> str:
    outcome = CorrectionState(row.state).label.lower()
    return f"Correction {outcome}. Le Fournisseur est prévenu."


@require_POST
def withdraw(request: MemberRequest, pk: int) -> HttpResponse:
    """«Retirer ma demande»."""
    row = get_object_or_404(corrections_seen(request.user), pk=pk)
    require(can_withdraw(request.user, row), MUST_ASK)
    act = partial(corrections.withdraw, row, by=request.by)
    return press(request, act, done=WITHDRAWN, to=reverse("perf:correction", args=[pk]))
