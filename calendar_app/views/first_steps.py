"""`/premiers-pas/`: the six steps of a new organisation; left and resumed at will."""

from __future__ import annotations

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.enums import SUPPLIER_KINDS
from accounts.middleware import MemberRequest
from accounts.models import Organisation
from accounts.permissions import can_prepare
from calendar_app.enums import FirstStep
from calendar_app.selectors.first_steps import first_steps
from calendar_app.services.first_steps import step_put_off, step_take_up
from journal.permissions import require

INDUSTRY_ONLY = "Les premiers pas sont ceux d'un éditeur ou d'un distributeur."
MEMBERS_ONLY = "Seuls les membres de l'organisation remettent une étape à plus tard."


@require_safe
def index(request: MemberRequest) -> HttpResponse:
    organisation = _industry(request)
    found = first_steps(request.user, organisation, now=timezone.now())
    context = {"organisation": organisation, "found": found, "following": found.next}
    return render(request, "first_steps/index.html", context)


@require_POST
def put_off(request: MemberRequest) -> HttpResponseRedirect:
    """`choix` says whether the step is put off or taken up again."""
    organisation = _industry(request)
    require(can_prepare(request.user, organisation.pk), MEMBERS_ONLY)
    if request.POST.get("etape") not in FirstStep:
        raise Http404("Cette étape n'existe pas.")
    step = FirstStep(request.POST["etape"])
    if request.POST.get("choix") == "reprendre":
        step_take_up(organisation=organisation, step=step)
    else:
        step_put_off(organisation=organisation, step=step, by=request.by)
    return redirect("first_steps:index")


def _industry(request: MemberRequest) -> Organisation:
    organisation = request.organisation
    is_industry = organisation is not None and organisation.kind in SUPPLIER_KINDS
    require(is_industry, INDUSTRY_ONLY)
    assert organisation is not None  # noqa: S101  (required above)
    return organisation
