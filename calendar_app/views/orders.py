"""Prestations in number: paste, look, create."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.middleware import MemberRequest
from accounts.permissions import can_file
from calendar_app.forms.prestations import OrdersForm
from calendar_app.selectors.prestations import suppliers_of
from calendar_app.services.orders import PlannedOrder, create_orders, plan_orders
from calendar_app.views.prestations import MUST_SUPPLY, may_create
from calendar_app.views.solutions import acting
from journal.forms import attempt
from journal.permissions import require
from segur.requests import posted


@require_http_methods(["GET", "HEAD", "POST"])
def create_many(request: MemberRequest) -> HttpResponse:
    """«Vérifier» shows what would be created; «Créer» checks again, then creates all or nothing."""
    require(may_create(request), MUST_SUPPLY)
    suppliers = suppliers_of(acting(request))
    form = OrdersForm(posted(request), suppliers=suppliers)
    planned = attempt(form, lambda: _plan(request, form)) if form.is_bound else None
    wrong = [order for order in planned or () if order.error]
    if planned and not wrong and "creer" in request.POST and _create(request, form, planned):
        return redirect("prestations:index")
    context = {
        "form": form,
        "planned": planned or [],
        "wrong": wrong,
        "has_solution": bool(suppliers),
        "dated": sum(order.line.deposited_at is not None for order in planned or ()),
    }
    status = 422 if form.errors or wrong else 200
    return render(request, "prestations/orders.html", context, status=status)


def _plan(request: MemberRequest, form: OrdersForm) -> list[PlannedOrder]:
    return plan_orders(
        supplier=form.cleaned_data["supplier"],
        text=form.cleaned_data["lines"],
        may_file=can_file(request.user, acting(request).pk),
        now=timezone.now(),
    )


def _create(request: MemberRequest, form: OrdersForm, planned: list[PlannedOrder]) -> bool:
    created = attempt(
        form,
        lambda: create_orders(
            supplier=form.cleaned_data["supplier"],
            planned=planned,
            by=request.by,
        ),
    )
    if created:
        plural = "s" if len(created) > 1 else ""
        messages.success(request, f"{len(created)} prestation{plural} enregistrée{plural}.")
    return bool(created)
