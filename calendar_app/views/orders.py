"""Clients and prestations in number: a list, what it would do, its confirmation."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.middleware import MemberRequest
from accounts.permissions import can_add_client
from calendar_app.forms.prestations import OrdersCheckForm, OrdersForm
from calendar_app.models import Supplier
from calendar_app.reading.order_file import COLUMNS, read_orders
from calendar_app.selectors.prestations import suppliers_of
from calendar_app.services.order_imports import KIND, check, plan_stamp, supplier_of
from calendar_app.services.orders import Fate, PlannedOrder
from documents.reading.records import BadFile
from imports.services import jobs
from imports.services.plans import CellProblem
from journal.forms import attempt, refuse
from journal.permissions import require
from segur.exports import Format, table_response
from segur.requests import posted

SHOWN = 100
ADDERS_ONLY = (
    "Les Clients et les prestations sont ajoutés par les membres d'un éditeur ou d'un "
    "distributeur, et par les Responsables de l'ANS."
)
EXAMPLES = (
    ("999000184", "Centre d'imagerie des Tilleuls", "Paris", "", "BDC-2026-014", "", ""),
    ("2A0000123", "Clinique du Golfe", "Ajaccio", "", "BDC-2026-015", "05/11/2026 17:42", "ASP-1"),
)


def _suppliers(request: MemberRequest) -> Any:
    organisation = request.organisation
    return suppliers_of(organisation) if organisation else Supplier.objects.none()


@require_http_methods(["GET", "HEAD", "POST"])
def create_many(request: MemberRequest) -> HttpResponse:
    """A list that is right waits for its person on the next page; one that is not is shown with
    what is wrong, cell by cell."""
    require(can_add_client(request.user), ADDERS_ONLY)
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    form = OrdersForm(*sent, suppliers=_suppliers(request))
    found = attempt(form, lambda: _checked(request, form)) if form.is_bound else None
    if found is not None and not any(order.error for order in found):
        return redirect("prestations:check_many")
    wrong = [_problem(order) for order in found or () if order.error]
    context = {
        "form": form,
        "planned": found or [],
        "wrong": wrong[:SHOWN],
        "wrong_count": len(wrong),
        "more": max(0, len(wrong) - SHOWN),
    }
    status = 422 if form.errors or wrong else 200
    return render(request, "prestations/orders.html", context, status=status)


def _problem(order: PlannedOrder) -> CellProblem:
    line = order.line
    cells = {
        "FINESS": line.written,
        "nom": line.name,
        "commune": line.city,
        "SIREN": line.siren,
        "SIRET": line.siret,
        "BDC": line.order_reference,
        "accusé": line.deposit_reference,
    }
    return CellProblem(line.number, order.column, cells.get(order.column, ""), order.error)


def _checked(request: MemberRequest, form: OrdersForm) -> list[PlannedOrder]:
    """The plan; a list that is right is kept."""
    name, content = form.content()
    supplier, now = form.chosen, timezone.now()
    field = "file" if form.cleaned_data["file"] else "lines"
    try:
        lines = read_orders(content)
    except BadFile as refusal:
        raise ValidationError({field: str(refusal)}) from None
    planned = check(lines, supplier=supplier, user=request.user, now=now)
    if not any(order.error for order in planned):
        jobs.keep(
            user=request.user,
            organisation=request.organisation,
            kind=KIND.code,
            name=name,
            content=content,
            lines=len(lines),
            options={"supplier": supplier.pk if supplier else None},
            now=now,
        )
    return planned


@require_http_methods(["GET", "HEAD", "POST"])
def check_many(request: MemberRequest) -> HttpResponse:
    """What the waiting list would do, line by line; its button records it, checked once more."""
    require(can_add_client(request.user), ADDERS_ONLY)
    now = timezone.now()
    job = jobs.waiting_of(request.user, KIND.code, now=now)
    if job is None:
        form = OrdersCheckForm(posted(request))
        if form.is_bound and form.is_valid() and (done := _confirm(request, form)):
            return done
        messages.warning(request, jobs.GONE)
        return redirect("prestations:create_many")
    form = OrdersCheckForm(posted(request))
    try:
        supplier = supplier_of(job)
        lines = read_orders(bytes(job.content))
        planned = check(lines, supplier=supplier, user=request.user, now=now)
    except ValidationError as error:
        messages.error(request, error.messages[0])
        return redirect("prestations:create_many")
    alike = [order for order in planned if order.alike]
    form.name_alike(len(alike))
    if form.is_bound and form.is_valid() and (done := _confirm(request, form)):
        return done
    form.show_again(job.sha256, plan_stamp(planned))
    context = {"form": form, "job": job, "supplier": supplier, **_counted(planned, alike)}
    return render(
        request, "prestations/orders_check.html", context, status=422 if form.errors else 200
    )


def _counted(planned: Sequence[PlannedOrder], alike: Sequence[PlannedOrder]) -> dict[str, Any]:
    counts = Counter(order.fate for order in planned)
    shown = [order for order in planned if order.fate is not Fate.UNCHANGED]
    return {
        "total": len(planned),
        "counts": [(fate.value, counts[fate]) for fate in Fate if counts[fate]],
        "changes": len(shown),
        "dated": sum(order.line.deposited_at is not None for order in shown),
        "rows": shown[:SHOWN],
        "more": max(0, len(shown) - SHOWN),
        "alike": alike[:SHOWN],
        "more_alike": max(0, len(alike) - SHOWN),
    }


def _confirm(request: MemberRequest, form: OrdersCheckForm) -> HttpResponse | None:
    """Where the person goes; None where the list is refused, which the form then says."""
    try:
        job, _created = jobs.confirm(
            user=request.user,
            kind=KIND.code,
            sha256=form.cleaned_data["sha256"],
            options={
                "are_distinct": form.cleaned_data.get("are_distinct", False),
                "seen": form.cleaned_data["seen"],
            },
            now=timezone.now(),
        )
    except ValidationError as error:
        refuse(form, error)
        return None
    if job.is_active:
        return redirect(job)
    messages.success(request, job.result["sentence"])
    return redirect(job.result["url"])


@require_safe
def template(request: MemberRequest, kind: Format) -> HttpResponse:
    """A file to fill in."""
    require(can_add_client(request.user), ADDERS_ONLY)
    return table_response(kind, "modele-clients-prestations", COLUMNS, EXAMPLES)
