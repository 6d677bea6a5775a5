"""The portfolio: Clients × milestones, on screen and as files."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.middleware import MemberRequest
from calendar_app.forms.portfolio import PortfolioFilter
from calendar_app.models import Prestation, Solution
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
from calendar_app.selectors.portfolio.safe_days import safe_days
from segur.exports import Format, table_response
from segur.lib import charts, paris
from segur.requests import page_of


@dataclass(frozen=True)
class Portfolio:
    """What a person sees by their filters; `whole` counts it before those of standing."""

    form: PortfolioFilter
    heads: list[matrix.Column]
    prestations: QuerySet[Prestation]
    deadlines: Grouped
    whole: Stands
    shown: Stands


def _read(request: MemberRequest, now: dt.datetime) -> Portfolio:
    user = request.user
    solutions = Solution.objects.visible_to(user).order_by("name", "pk").values_list("pk", "name")
    form = PortfolioFilter(
        request.GET, organisations=matrix.fournisseurs(user), solutions=solutions
    )
    milestones = milestones_of(form.chosen.get("dispositif", ""))
    prestations = matrix.narrowed(user, form.chosen)
    deadlines = grouped(prestations, now=now)
    safe = {
        one.milestone.pk: one.day for one in safe_days(milestones, request.organisation, now=now)
    }
    whole = shown = stands_of(deadlines, safe_days=safe, now=now)
    if form.standings:
        kept = deadlines.filter(whole.deadlines_in(form.standings)).values("prestation")
        prestations = prestations.filter(pk__in=kept)
        deadlines = grouped(prestations, now=now)
        shown = recount(deadlines, whole)
    return Portfolio(form, matrix.columns(milestones), prestations, deadlines, whole, shown)


@require_safe
def index(request: MemberRequest) -> HttpResponse:
    if request.organisation is None:
        return redirect("accounts:none")
    now = timezone.now()
    found = _read(request, now)
    page = page_of(request, found.prestations)
    totals = matrix.totals(found.heads, found.shown)
    parts = matrix.parts(totals)
    context = {
        "form": found.form,
        "active": found.form.active,
        "heads": found.heads,
        "page_obj": page,
        "rows": matrix.rows(
            list(page),
            found.deadlines.filter(prestation__in=[one.pk for one in page]),
            found.heads,
            found.shown,
        ),
        "totals": totals,
        "bars": charts.bars(parts),
        "bars_legend": charts.legend(parts),
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
    found = _read(request, now)
    rows = matrix.rows(list(found.prestations), found.deadlines, found.heads, found.shown)
    return table_response(
        kind,
        "portefeuille",
        matrix.header(found.heads),
        matrix.file_rows(rows),
        day=paris.day(now),
    )
