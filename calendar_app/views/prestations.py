"""Prestations: list, page, forms."""

from __future__ import annotations

from functools import partial

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.middleware import MemberRequest
from accounts.models import Organisation
from accounts.permissions import can_prepare
from accounts.views.context import alike_in, duplicate_in
from calendar_app.forms.prestations import (
    ClientSearchForm,
    NewClientForm,
    OrderEditForm,
    PrestationFilter,
    PrestationForm,
)
from calendar_app.models import Prestation, Supplier
from calendar_app.permissions import can_edit_prestation, can_take_over
from calendar_app.querysets import SOONEST
from calendar_app.selectors.deadlines import lines
from calendar_app.selectors.portfolio.amounts import amounts_of
from calendar_app.selectors.portfolio.one import cells_of
from calendar_app.selectors.prestations import (
    find_clients,
    fournisseurs_seen,
    gate_of,
    prestation_rows,
    prestations_seen,
    suppliers_of,
    with_next,
)
from calendar_app.selectors.solutions import next_of, past_to_do
from calendar_app.services import prestations as services
from calendar_app.views.solutions import acting
from journal.permissions import require
from journal.selectors.entries import edits
from journal.views.acts import form_page, submit
from segur.requests import is_key, page_of, posted

BY_CLIENT = ("client__name", "pk")
MUST_SUPPLY = (
    "Seul un membre d'un éditeur ou d'un distributeur enregistre une prestation. Si vous en êtes "
    "membre, choisissez cette organisation en haut de la page."
)
CREATED = "La prestation est enregistrée. Ses échéances sont ouvertes."
MUST_OWN = "Seuls les membres du Fournisseur de cette prestation peuvent la modifier."


@require_safe
def index(request: MemberRequest) -> HttpResponse:
    organisations = fournisseurs_seen(request.user)
    form = PrestationFilter(request.GET, organisations=organisations)
    chosen = form.chosen
    ids = prestations_seen(request.user, **chosen).order_by(*BY_CLIENT).values_list("pk", flat=True)
    page = page_of(request, ids)  # the keys alone are sorted: rows are long
    found = with_next(prestations_seen(request.user).filter(pk__in=list(page)))
    context = {
        "form": form,
        "active": form.active,
        "supplier": _chosen_supplier(request, chosen.get("fourniture", "")),
        "page_obj": page,
        "rows": prestation_rows(list(found.order_by(*BY_CLIENT)), now=timezone.now()),
        "show_organisation": len(organisations) > 1,
        "may_create": may_create(request),
        "has_solution": request.organisation is not None
        and suppliers_of(request.organisation).exists(),
    }
    return render(request, "prestations/index.html", context)


def _chosen_supplier(request: MemberRequest, key: str) -> Supplier | None:
    if not key.isdecimal():
        return None
    return Supplier.objects.visible_to(request.user).filter(pk=int(key)).first()


def may_create(request: MemberRequest) -> bool:
    organisation = request.organisation
    return organisation is not None and can_prepare(request.user, organisation.pk)


def _get_prestation(request: MemberRequest, pk: int) -> Prestation:
    return get_object_or_404(prestations_seen(request.user), pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
def create(request: MemberRequest) -> HttpResponse:
    """First the Client, found in the directory; then the solution and the bon de commande."""
    require(may_create(request), MUST_SUPPLY)
    asked = request.GET.get("client", "")
    if "nouveau" in request.GET:
        return _create_with_client(request)
    if not is_key(asked):
        return _search(request)
    client = get_object_or_404(Organisation.objects.clients().filter(is_active=True), pk=asked)
    suppliers = suppliers_of(acting(request))
    form = PrestationForm(posted(request), suppliers=suppliers)
    act = partial(services.prestation_create, client=client, by=request.by)
    to = partial(_next_page, request)
    return submit(request, form, act, done=CREATED, to=to) or form_page(
        request, form, "prestations/create.html", client=client, has_solution=bool(suppliers)
    )


def _next_page(request: MemberRequest, prestation: Prestation) -> str:
    past = past_to_do(request.user, prestation=prestation).exists()
    takes_over = past and can_take_over(request.user, prestation)
    page = "prestations:takeover" if takes_over else "prestations:detail"
    return reverse(page, args=[prestation.pk])


def _create_with_client(request: MemberRequest) -> HttpResponse:
    """A Client that the directory lacks and its prestation, in one form."""
    suppliers = suppliers_of(acting(request))
    typed = request.GET.get("q", "")
    form = NewClientForm(posted(request), suppliers=suppliers, typed=typed)
    act = partial(services.prestation_create_with_client, by=request.by)
    if done := submit(request, form, act, done=CREATED, to=partial(_next_page, request)):
        return done
    context = {
        "has_solution": bool(suppliers),
        "duplicate": duplicate_in(form),
        "alike": alike_in(form),
        "typed": typed,
    }
    return form_page(request, form, "prestations/create_with_client.html", **context)


def _search(request: MemberRequest) -> HttpResponse:
    form = ClientSearchForm(request.GET)
    q = form.chosen.get("q", "")
    clients, total = find_clients(q)
    context = {"form": form, "q": q, "clients": clients, "total": total}
    return render(request, "prestations/client_search.html", context)


@require_safe
def detail(request: MemberRequest, pk: int) -> HttpResponse:
    prestation = _get_prestation(request, pk)
    now, user = timezone.now(), request.user
    deadlines = lines(prestation.deadlines.order_by(SOONEST, "pk"), now=now, reader=request.user)
    context = {
        "prestation": prestation,
        "solution": prestation.supplier.solution,
        "lines": deadlines,
        "next_line": next_of(deadlines),
        "gate": gate_of(prestation, deadlines, now=now),
        "history": edits(prestation, request.user),
        "past_count": past_to_do(user, prestation=prestation).count(),
        "can_edit": can_edit_prestation(user, prestation),
        "cells": cells_of(prestation, deadlines, request.organisation, now=now),
        "amounts": amounts_of(prestation, user, now=now),
        "can_take_over": can_take_over(user, prestation),
    }
    return render(request, "prestations/detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: MemberRequest, pk: int) -> HttpResponse:
    prestation = _get_prestation(request, pk)
    require(can_edit_prestation(request.user, prestation), MUST_OWN)
    form = OrderEditForm.of(prestation, posted(request))
    act = partial(services.prestation_update, prestation=prestation, by=request.by)
    back = reverse("prestations:detail", args=[prestation.pk])
    return submit(request, form, act, done="Bon de commande enregistré.", to=back) or form_page(
        request,
        form,
        tab=f"Bon de commande : {prestation.client}",
        title="Bon de commande",
        lead=f"{prestation.client}, {prestation.supplier.solution}. Le Client, la solution et le "
        "Fournisseur d'une prestation ne changent pas.",
        button="Enregistrer le bon de commande",
        back=back,
        breadcrumb="prestations/_breadcrumb.html",
        prestation=prestation,
    )
