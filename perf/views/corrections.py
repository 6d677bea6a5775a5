"""Corrections that lower D_f: what waits for the ANS, and its decision."""

from __future__ import annotations

from functools import partial

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.middleware import MemberRequest
from accounts.selectors.parties import is_party
from journal.permissions import require
from journal.selectors.entries import history
from journal.views.acts import form_page, submit
from perf.enums import CorrectionState
from perf.forms.corrections import CorrectionDecisionForm
from perf.models import Correction
from perf.permissions import can_decide
from perf.selectors.correction_lists import corrections_seen, decided_rows, pending_lines
from perf.services import corrections
from segur.requests import posted

PER_PAGE = 50
MUST_BE_AGENT = "Seul un agent de l'ANS décide d'une correction à la baisse."


@require_safe
def index(request: MemberRequest) -> HttpResponse:
    seen = corrections_seen(request.user)
    context = {
        "lines": pending_lines(seen, timezone.now()),
        "page_obj": Paginator(decided_rows(seen), PER_PAGE).get_page(request.GET.get("page")),
    }
    return render(request, "perf/corrections/index.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def correction(request: MemberRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(corrections_seen(request.user), pk=pk)
    if request.method == "POST":
        require(can_decide(request.user), MUST_BE_AGENT)
    is_open = row.state == CorrectionState.PENDING and can_decide(request.user)
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
        events=history(row, request.user),
    )


def _decided(row: Correction) -> str:
    outcome = CorrectionState(row.state).label.lower()
    return f"Correction {outcome}. Le Fournisseur est prévenu."
