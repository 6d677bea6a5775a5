"""Pilot Clients of the RIS solutions, and what was asked of the ASP for each."""

from __future__ import annotations

from functools import partial

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.middleware import MemberRequest
from journal.permissions import require
from journal.selectors.entries import edits, history
from journal.views.acts import form_page, submit
from pilots.enums import AspRequestState, PVState
from pilots.permissions import can_edit
from pilots.pv.forms.pilots import NameForm, RequestForm, WithdrawForm
from pilots.pv.models import AspRequest, Pilot, PilotPV
from pilots.pv.selectors.deposits import undeclared
from pilots.pv.selectors.perimeters import can_name, perimeters
from pilots.pv.selectors.pilots import (
    nameable,
    pilot_row,
    pilots_seen,
    suppliers_in_order,
    suppliers_seen,
)
from pilots.pv.selectors.words import REQUEST_MEANINGS
from pilots.pv.services import pilots, requests
from segur.requests import page_of, posted

SHOWN = 10
"""Perimeters on a page."""
MUST_NAME = "Seul un membre du Fournisseur désigne ou remplace ses Clients pilotes."
MUST_RECORD = "Seul un membre du Fournisseur enregistre ce que l'ASP répond à ses demandes."


@require_safe
def index(request: MemberRequest) -> HttpResponse:
    page = page_of(request, suppliers_in_order(request.user), per_page=SHOWN)
    found = perimeters(request.user, list(page), now=timezone.now())
    return render(request, "pilots/index.html", {"perimeters": found, "page_obj": page})


@require_http_methods(["GET", "HEAD", "POST"])
def name(request: MemberRequest, pk: int) -> HttpResponse:
    supplier = get_object_or_404(suppliers_seen(request.user), pk=pk)
    require(can_name(request.user, supplier), MUST_NAME)
    choices = nameable(supplier)
    form = NameForm(posted(request), choices=choices)
    act = partial(pilots.name, by=request.by)
    done = "{.client} est Client pilote.".format
    return submit(request, form, act, done=done, to=address) or form_page(
        request, form, "pilots/name.html", supplier=supplier, has_choices=choices.exists()
    )


def address(pilot: Pilot) -> str:
    return reverse("pilots:detail", args=[pilot.pk])


def get_pilot(request: MemberRequest, pk: int) -> Pilot:
    return get_object_or_404(pilots_seen(request.user), pk=pk)


@require_safe
def detail(request: MemberRequest, pk: int) -> HttpResponse:
    pilot = get_pilot(request, pk)
    row, may_edit = pilot_row(pilot, request.user), can_edit(request.user, pilot.prestation)
    context = {
        "pilot": pilot,
        "row": row,
        "prestation": pilot.prestation,
        "undeclared": undeclared(pilot.prestation),
        "abandoned": PilotPV.objects.visible_to(request.user).filter(
            pilot=pilot, state=PVState.ABANDONED
        ),
        "may_edit": may_edit,
        "may_withdraw": may_edit and pilot.withdrawn_at is None,
        "may_prepare": may_edit and row.pv is None and pilot.withdrawn_at is None,
        "history": history(pilot, request.user),
    }
    return render(request, "pilots/detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: MemberRequest, pk: int) -> HttpResponse:
    pilot = get_pilot(request, pk)
    require(can_edit(request.user, pilot.prestation), MUST_NAME)
    form = WithdrawForm(posted(request), choices=nameable(pilot.prestation.supplier))
    act = partial(pilots.withdraw, pilot, by=request.by)

    def done(new: Pilot | None) -> str:
        if new is None:
            return f"{pilot.client} n'est plus Client pilote."
        return f"{pilot.client} est remplacé par {new.client}."

    def to(new: Pilot | None) -> str:
        return address(new) if new else reverse("pilots:index")

    return submit(request, form, act, done=done, to=to) or form_page(
        request,
        form,
        title="Retirer ou remplacer le Client pilote",
        lead=f"{pilot.client} ne comptera plus dans le périmètre pilote. Rien n'est supprimé : ses "
        "demandes, son PV et le motif restent affichés.",
        here="Retirer ou remplacer",
        button="Retirer le Client",
        back=address(pilot),
        breadcrumb="pilots/_breadcrumb.html",
        pilot=pilot,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def asp_request(request: MemberRequest, pk: int) -> HttpResponse:
    """Where a request stands with the ASP; who may not record it reads its history."""
    found = AspRequest.objects.visible_to(request.user).select_related(
        "prestation__client", "prestation__organisation"
    )
    row = get_object_or_404(found, pk=pk)
    pilot = get_object_or_404(
        Pilot.objects.select_related("prestation__client"), prestation=row.prestation
    )
    may_edit = can_edit(request.user, row.prestation)
    require(request.method != "POST" or may_edit, MUST_RECORD)
    form = RequestForm(posted(request), request=row) if may_edit else None
    act = partial(requests.record, row, by=request.by)
    done = f"{row.get_kind_display()} : état enregistré."
    return submit(request, form, act, done=done, to=address(pilot)) or form_page(
        request,
        form,
        "pilots/request.html",
        row=row,
        meaning=REQUEST_MEANINGS[AspRequestState(row.state)],
        pilot=pilot,
        history=edits(row, request.user),
    )
