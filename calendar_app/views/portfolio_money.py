"""The money of a portfolio: sums, what blocks them, each prestation, and a paste of amounts."""

from __future__ import annotations

import datetime as dt
from functools import partial

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.middleware import MemberRequest
from accounts.permissions import can_file
from calendar_app.forms.portfolio import AmountLinesForm, AmountsForm
from calendar_app.models import Amounts, Prestation
from calendar_app.querysets import AmountsQuerySet
from calendar_app.selectors.portfolio import matrix, money
from calendar_app.selectors.portfolio.amounts import may_record
from calendar_app.selectors.portfolio.groups import grouped
from calendar_app.selectors.portfolio.perf import perf_effect
from calendar_app.services.amounts import (
    PlannedAmount,
    amounts_set,
    plan_amounts,
    record_amounts,
)
from calendar_app.views.portfolio import Portfolio, read_portfolio, tabs
from journal.forms import attempt
from journal.permissions import require
from journal.views.acts import form_page, submit
from segur.exports import Format, list_response
from segur.requests import page_of, posted

RESERVED = (
    "Les montants sont réservés aux Représentants et aux Mandataires du Fournisseur concerné."
)
MUST_FILE = (
    "Seul un Représentant ou un Mandataire du Fournisseur enregistre les montants d'une prestation."
)


@require_safe
def index(request: MemberRequest) -> HttpResponse:
    if request.organisation is None:
        return redirect("accounts:none")
    now, user = timezone.now(), request.user
    require(money.may_see_amounts(user, now=now), RESERVED)
    found = read_portfolio(request, now, with_amounts=True)
    seen = money.amounts_seen(user, now=now)
    page = page_of(request, found.prestations.values_list("pk", flat=True))
    context = {
        "tabs": tabs(request),
        "form": found.form,
        "active": found.form.active,
        "page_obj": page,
        "money": money.money_of(found.deadlines, found.whole, found.milestones, seen),
        "perf": perf_effect(seen, found.prestations, now=now),
        "lines": _lines(found, matrix.in_order(list(page)), seen, now),
        "may_record": can_file(user, request.organisation.pk),
    }
    return render(request, "portfolio/money.html", context)


def _lines(
    found: Portfolio, prestations: list[Prestation], seen: AmountsQuerySet, now: dt.datetime
) -> list[money.MoneyLine]:
    of_page = Prestation.objects.filter(pk__in=[one.pk for one in prestations])
    deadlines = grouped(of_page, now=now)
    rows = matrix.rows(prestations, deadlines, found.heads, found.shown)
    return money.money_lines(rows, found.milestones, seen, deadlines)


@require_safe
def table(request: MemberRequest, kind: Format) -> HttpResponse:
    """The list as a file: those of my Fournisseurs, with the filters of the page."""
    if request.organisation is None:
        return redirect("accounts:none")
    now, user = timezone.now(), request.user
    require(money.may_see_amounts(user, now=now), RESERVED)
    found = read_portfolio(request, now, with_amounts=True)
    seen = money.amounts_seen(user, now=now)
    rows = matrix.rows(list(found.prestations), found.deadlines, found.heads, found.shown)
    lines = money.money_lines(rows, found.milestones, seen, found.deadlines)
    cells = money.money_cells(lines)
    return list_response(request, kind, "montants", money.HEADER, cells)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: MemberRequest, pk: int) -> HttpResponse:
    """The amounts of one prestation."""
    prestation = get_object_or_404(Prestation.objects.visible_to(request.user), pk=pk)
    require(may_record(prestation, request.user, now=timezone.now()), MUST_FILE)
    row = Amounts.objects.filter(prestation=prestation).first() or Amounts(prestation=prestation)
    form = AmountsForm.of(row, posted(request))
    act = partial(amounts_set, prestation, by=request.by)
    back = reverse("prestations:detail", args=[prestation.pk])
    return submit(request, form, act, done="Montants enregistrés.", to=back) or form_page(
        request,
        form,
        tab=f"Montants : {prestation.client}",
        title="Montants",
        lead=f"{prestation.client}, {prestation.supplier.solution}. Facultatifs, en euros ; "
        "visibles des seuls Représentants et Mandataires de votre organisation.",
        button="Enregistrer les montants",
        back=back,
        breadcrumb="prestations/_breadcrumb.html",
        prestation=prestation,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def create_many(request: MemberRequest) -> HttpResponse:
    """«Vérifier» shows what would be recorded; «Enregistrer» checks again, then all or nothing."""
    organisation = request.organisation
    if organisation is None:
        return redirect("accounts:none")
    require(can_file(request.user, organisation.pk), MUST_FILE)
    form = AmountLinesForm(posted(request))
    planned: list[PlannedAmount] = []
    if form.is_bound:
        planned = (
            attempt(form, lambda: plan_amounts(organisation, form.cleaned_data["lines"])) or []
        )
    wrong = [one for one in planned if one.error]
    if planned and not wrong and "enregistrer" in request.POST:
        count = attempt(form, lambda: record_amounts(planned=planned, by=request.by))
        if not form.errors:
            plural = "s" if (count or 0) > 1 else ""
            done = f"Montants enregistrés : {count} prestation{plural} modifiée{plural}."
            messages.success(request, done)
            return redirect("portfolio:money")
    context = {"form": form, "planned": planned, "wrong": wrong}
    status = 422 if form.errors or wrong else 200
    return render(request, "portfolio/amount_lines.html", context, status=status)
