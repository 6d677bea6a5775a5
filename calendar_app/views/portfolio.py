"""The portfolio: Clients × milestones, on screen and as files."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.middleware import MemberRequest
from calendar_app.forms.portfolio import PortfolioFilter
from calendar_app.models import Milestone, Prestation, Solution
from calendar_app.rules.standing import NEED_CARE, Standing
from calendar_app.selectors.portfolio import matrix
from calendar_app.selectors.portfolio.groups import (
    Grouped,
    Stands,
    grouped,
    milestones_of,
    recount,
    stands_of,
)
from calendar_app.selectors.portfolio.money import may_see_amounts, of_seen_amounts
from calendar_app.selectors.portfolio.safe_days import SafeDay, safe_days
from segur.exports import Format, list_response
from segur.lib import charts
from segur.requests import page_of

PAGES = (
    ("Clients et jalons", "portfolio:index"),
    ("Rythme", "portfolio:pace"),
    ("Montants", "portfolio:money"),
)


ROWS_SHOWN = 25
"""Clients of a page: two screens of a matrix."""

MANY = 5_000
"""Keys written in a statement."""


@dataclass(frozen=True)
class Portfolio:
    """What a person sees by their filters; `whole` counts it before those of standing."""

    form: PortfolioFilter
    milestones: list[Milestone]
    safe_days: list[SafeDay]
    prestations: QuerySet[Prestation]
    deadlines: Grouped
    whole: Stands
    shown: Stands

    @property
    def heads(self) -> list[matrix.Column]:
        return matrix.columns(self.milestones)


def read_portfolio(
    request: MemberRequest,
    now: dt.datetime,
    *,
    by_standing: bool = True,
    with_amounts: bool = False,
) -> Portfolio:
    """`by_standing`: whether the page has the filters of a standing. `with_amounts`: only the
    prestations whose amounts the person may see."""
    user = request.user
    form = PortfolioFilter(
        request.GET,
        organisations=matrix.fournisseurs(user),
        solutions=Solution.objects.visible_to(user).order_by("name").values_list("pk", "name"),
        by_standing=by_standing,
    )
    milestones = milestones_of(form.chosen.get("dispositif", ""))
    safe = safe_days(milestones, request.organisation, now=now)
    prestations = matrix.narrowed(user, form.chosen)
    if with_amounts:
        prestations = of_seen_amounts(prestations, user, now=now)
    deadlines = grouped(prestations, now=now)
    days = {one.milestone.pk: one.day for one in safe}
    whole = shown = stands_of(deadlines, safe_days=days, now=now)
    if form.standings is not None:
        kept = deadlines.filter(whole.deadlines_in(form.standings)).values("prestation")
        prestations = _narrowed(prestations, kept.distinct())
        deadlines = grouped(prestations, now=now)
        shown = recount(deadlines, whole)
    return Portfolio(form, milestones, safe, prestations, deadlines, whole, shown)


def _narrowed(prestations: QuerySet[Prestation], kept: QuerySet[Any, Any]) -> QuerySet[Prestation]:
    """Those of these prestations that are `kept`: by their keys, found once for the four queries
    that ask for them, unless they are more than a statement should hold."""
    keys = list(kept.values_list("prestation", flat=True)[: MANY + 1])
    if len(keys) > MANY:
        return prestations.filter(pk__in=kept)
    return matrix.in_list_order(Prestation.objects.filter(pk__in=keys))


def tabs(request: MemberRequest) -> list[dict[str, Any]]:
    """The pages of the portfolio; the filters of a list go along."""
    query = request.GET.copy()
    query.pop("page", None)
    asked = f"?{query.urlencode()}" if query else ""
    sees_money = may_see_amounts(request.user, now=timezone.now())
    return [
        {
            "label": label,
            "url": reverse(name) + asked,
            "current": request.path == reverse(name),
            "count": None,
        }
        for label, name in PAGES
        if sees_money or name != "portfolio:money"
    ]


@require_safe
def index(request: MemberRequest) -> HttpResponse:
    if request.organisation is None:
        return redirect("accounts:none")
    now = timezone.now()
    found = read_portfolio(request, now)
    page = page_of(request, found.prestations.values_list("pk", flat=True), per_page=ROWS_SHOWN)
    shown = matrix.in_order(list(page))
    heads = found.heads
    of_page = grouped(Prestation.objects.filter(pk__in=list(page)), now=now)
    totals = matrix.totals(heads, found.shown)
    bars = charts.bars(matrix.parts(totals))
    context = {
        "tabs": tabs(request),
        "form": found.form,
        "active": found.form.active,
        "heads": heads,
        "page_obj": page,
        "rows": matrix.rows(shown, of_page, heads, found.shown),
        "totals": totals,
        "bars": bars,
        "bars_legend": matrix.legend_of(bars),
        "care": _care(found.whole),
        "total": found.whole.overall().total(),
        "legend": list(Standing),
        "show_organisation": "organisation" in found.form.fields,
    }
    return render(request, "portfolio/index.html", context)


def _care(stands: Stands) -> str:
    """«3 en retard, 12 bloqués, 5 à risque»: the sentence above the list, the worst first."""
    counted = stands.overall()
    return ", ".join(one.counted(counted[one]) for one in NEED_CARE if counted[one])


@require_safe
def table(request: MemberRequest, kind: Format) -> HttpResponse:
    """The whole list as a file: filters, and what the person sees, are those of the page."""
    if request.organisation is None:
        return redirect("accounts:none")
    now = timezone.now()
    found = read_portfolio(request, now)
    heads = found.heads
    rows = matrix.rows(list(found.prestations), found.deadlines, heads, found.shown)
    lines = matrix.file_rows(rows)
    return list_response(request, kind, "portefeuille", matrix.header(heads), lines)
