"""Fournisseurs of a solution and their rights."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.middleware import MemberRequest
from calendar_app.forms.solutions import SupplierCreateForm, SupplierForm
from calendar_app.models import Prestation, Solution, Supplier
from calendar_app.permissions import (
    MANDATE_FIELDS,
    can_edit_solution,
    can_edit_supplier,
    editable_rights,
)
from calendar_app.selectors.rights import reason_lines
from calendar_app.selectors.solutions import supplier_rows
from calendar_app.services import suppliers as services
from calendar_app.views.solutions import address, get_solution
from journal.permissions import require
from journal.selectors.entries import edits
from journal.views.acts import form_page, submit
from segur.requests import posted

MUST_DECLARE = "Seuls les membres de l'éditeur de cette solution déclarent ses distributeurs."
MUST_HOLD = (
    "L'éditeur enregistre la déclaration et le mandat, le Fournisseur son habilitation EDC PSC : "
    "vous n'êtes membre ni de l'un ni de l'autre."
)


def _get_supplier(request: MemberRequest, pk: int) -> Supplier:
    seen = Supplier.objects.visible_to(request.user).select_related(
        "organisation", "solution__organisation", "solution__dispositif"
    )
    return get_object_or_404(seen, pk=pk)


@require_safe
def detail(request: MemberRequest, pk: int) -> HttpResponse:
    supplier = _get_supplier(request, pk)
    [row] = supplier_rows(Supplier.objects.filter(pk=pk), now=timezone.now())
    prestations = Prestation.objects.visible_to(request.user).filter(supplier=supplier)
    context = {
        "supplier": supplier,
        "solution": supplier.solution,
        "row": row,
        "reasons": reason_lines(row.unmet, supplier=supplier),
        "prestation_count": prestations.count(),
        "history": edits(supplier, request.user),
        "can_edit": can_edit_supplier(request.user, supplier),
    }
    return render(request, "suppliers/detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def create(request: MemberRequest, pk: int) -> HttpResponse:
    """The éditeur names a distributeur by its SIREN: it cannot browse them."""
    solution = get_solution(request, pk)
    require(can_edit_solution(request.user, solution), MUST_DECLARE)
    form = SupplierCreateForm.blank(MANDATE_FIELDS, posted(request))
    act = partial(_create, solution, by=request.by)
    done = "{.organisation} est enregistré comme distributeur.".format
    return submit(request, form, act, done=done, to=address(solution)) or form_page(
        request, form, "suppliers/create.html", solution=solution
    )


def _create(solution: Solution, *, siren: str, **fields: Any) -> Supplier:
    organisation = services.distributeur_of(siren)
    return services.supplier_create(solution=solution, organisation=organisation, **fields)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: MemberRequest, pk: int) -> HttpResponse:
    supplier = _get_supplier(request, pk)
    require(can_edit_supplier(request.user, supplier), MUST_HOLD)
    form = SupplierForm.of(supplier, editable_rights(request.user, supplier), posted(request))
    act = partial(services.supplier_update, supplier=supplier, by=request.by)
    to = reverse("solutions:supplier_detail", args=[supplier.pk])
    return submit(request, form, act, done="Droits enregistrés.", to=to) or form_page(
        request, form, "suppliers/edit.html", supplier=supplier, solution=supplier.solution
    )
