"""Support tickets: list, declaration, page with its two clocks, acts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import partial
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.middleware import MemberRequest
from accounts.permissions import is_agent, preparable
from calendar_app.selectors.prestations import prestations_seen
from documents.views import pdf_download
from journal.permissions import require
from journal.selectors.entries import edits
from journal.views.acts import form_page, submit
from perf.forms.tickets import (
    CorrectionForm,
    RespondForm,
    RestoreForm,
    ServiceSearchForm,
    TicketFilter,
    TicketForm,
)
from perf.models import Service, Ticket
from perf.permissions import can_record
from perf.selectors import tickets as selectors
from perf.selectors.ticket_paper import ticket_pdf
from perf.services import tickets as services
from segur.requests import page_of, posted

MUST_RECORD = (
    "Seuls les membres du Fournisseur de cette prestation, et l'ANS, enregistrent ses tickets."
)
RESPOND = ("Prise en charge", "Enregistrer la prise en charge")
RESTORE = ("Rétablissement", "Enregistrer le rétablissement")
CORRECT = ("Correction", "Enregistrer la correction")
READ_WRITE = ["GET", "HEAD", "POST"]


def _this_second() -> dt.datetime:
    """Nobody reads a clock, nor types an instant, to the microsecond."""
    return timezone.now().replace(microsecond=0)


@require_safe
def index(request: MemberRequest) -> HttpResponse:
    now = _this_second()
    form = TicketFilter(request.GET)
    chosen = form.chosen
    found = selectors.tickets_seen(request.user, now=now, **chosen)
    page = page_of(request, found)
    prestation = chosen.get("prestation")
    context = {
        "form": form,
        "active": form.active,
        "has_services": bool(page) or selectors.has_service_to_record(request.user),
        "now": now,
        "page_obj": page,
        "rows": selectors.ticket_rows(page, now=now, reader=request.user),
        "prestation": prestations_seen(request.user).filter(pk=prestation).first()
        if prestation
        else None,
        "may_create": is_agent(request.user) or bool(preparable(request.user)),
    }
    return render(request, "perf/tickets/index.html", context)


@require_safe
def choose(request: MemberRequest) -> HttpResponse:
    """On which service the ticket is declared."""
    allowed = is_agent(request.user) or bool(preparable(request.user))
    require(allowed, "Seuls les membres d'un Fournisseur, et l'ANS, enregistrent des tickets.")
    form = ServiceSearchForm(request.GET)
    q = form.chosen.get("q", "")
    found, total = selectors.services_to_record(request.user, q)
    context = {"form": form, "q": q, "services": found, "total": total}
    return render(request, "perf/tickets/choose.html", context)


@require_http_methods(READ_WRITE)
def create(request: MemberRequest, pk: int) -> HttpResponse:
    prestation = get_object_or_404(
        prestations_seen(request.user).filter(dispositif__has_perf=True), pk=pk
    )
    require(can_record(request.user, prestation), MUST_RECORD)
    service = Service.objects.filter(prestation=prestation).first()
    form = TicketForm(posted(request), initial={"opened_at": _this_second()})
    if service is not None:
        act = partial(services.open_ticket, service=service, by=request.by)
        done = "Ticket enregistré : ses échéances sont calculées."
        if recorded := submit(request, form, act, done=done, to=_address):
            return recorded
    return form_page(
        request, form, "perf/tickets/create.html", prestation=prestation, service=service
    )


def _get_ticket(request: MemberRequest, pk: int) -> Ticket:
    seen = selectors.with_subject(Ticket.objects.visible_to(request.user))
    return get_object_or_404(seen, pk=pk)


@require_safe
def detail(request: MemberRequest, pk: int) -> HttpResponse:
    ticket, now = _get_ticket(request, pk), _this_second()
    context = {
        **_about(ticket),
        "row": selectors.ticket_rows([ticket], now=now)[0],
        "now": now,
        "history": edits(ticket, request.user),
        "can_record": can_record(request.user, ticket.service.prestation),
    }
    return render(request, "perf/tickets/detail.html", context)


@require_safe
def pdf(request: MemberRequest, pk: int) -> HttpResponse:
    ticket, now = _get_ticket(request, pk), _this_second()
    [row] = selectors.ticket_rows([ticket], now=now)
    make, name = partial(ticket_pdf, row, now=now), f"ticket-{pk}.pdf"
    return pdf_download(request, make, name=name, back=_address(ticket))


def _address(ticket: Ticket) -> str:
    return reverse("perf:ticket", args=[ticket.pk])


def _about(ticket: Ticket) -> dict[str, Any]:
    prestation = ticket.service.prestation
    return {"ticket": ticket, "prestation": prestation, "solution": prestation.supplier.solution}


@require_http_methods(READ_WRITE)
def respond(request: MemberRequest, pk: int) -> HttpResponse:
    ticket = _get_ticket(request, pk)
    form = RespondForm(posted(request), initial={"responded_at": _this_second()})
    return _act(request, ticket, form, services.respond, RESPOND)


@require_http_methods(READ_WRITE)
def restore(request: MemberRequest, pk: int) -> HttpResponse:
    ticket = _get_ticket(request, pk)
    form = RestoreForm(posted(request), ticket=ticket, initial={"restored_at": _this_second()})
    return _act(request, ticket, form, services.restore, RESTORE)


@require_http_methods(READ_WRITE)
def correct(request: MemberRequest, pk: int) -> HttpResponse:
    ticket = _get_ticket(request, pk)
    form = CorrectionForm.of(ticket, posted(request))
    return _act(request, ticket, form, services.correct, CORRECT)


def _act(
    request: MemberRequest,
    ticket: Ticket,
    form: forms.Form,
    service: Callable[..., Ticket],
    named: tuple[str, str],
) -> HttpResponse:
    """One form, one service of a ticket; `named` are its title and the words of its button."""
    title, button = named
    prestation = ticket.service.prestation
    require(can_record(request.user, prestation), MUST_RECORD)
    act, done = partial(service, ticket=ticket, by=request.by), f"{title} : enregistré."
    return submit(request, form, act, done=done, to=_address) or form_page(
        request,
        form,
        "perf/tickets/act.html",
        tab=f"{title} : {ticket.reference}",
        title=title,
        lead=f"Ticket {ticket.reference}, {prestation.client} : {ticket.subject}",
        button=button,
        back=_address(ticket),
        **_about(ticket),
    )
