"""«PERF»: every DRIMbox prestation of a period, for an organisation and for the ANS."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from accounts.middleware import MemberRequest
from calendar_app.models import Prestation
from perf.forms.overview import OverviewFilter
from perf.rules.periods import ObservationPeriod
from perf.selectors.correction_lists import corrections_seen
from perf.selectors.overview import (
    SCORES,
    SORTS,
    VIEWS,
    OverviewRow,
    Summary,
    drimbox_seen,
    fournisseurs,
    in_order,
    overview,
    summary,
)
from perf.selectors.overview_table import HEADER, cells
from perf.selectors.rules import period_kind
from perf.services.kept_overview import WHOLE, Order, kept_overview
from perf.views.observed import chosen, navigation
from segur.exports import Format, list_response
from segur.requests import page_of

COLUMNS = {
    "client": "Client",
    "solution": "Solution",
    "fournisseur": "Fournisseur",
    "df": "Indisponibilité (D_f)",
    "perf": "PERF",
    "reste": "Budget restant",
}
NUMBERS = ("df", "reste")
FALLS_FIRST = "df"
"""Where the first click puts the largest on top."""

WORST_FIRST = "perf"
"""The order without a choice: the lowest PERF, then the longest D_f."""


@require_safe
def index(request: MemberRequest) -> HttpResponse:
    now = timezone.now().replace(microsecond=0)
    organisations = fournisseurs(request.user)
    form = OverviewFilter(request.GET, organisations=organisations)
    asked = form.chosen
    period = chosen(request.GET, now=now)
    shown = _shown(request, asked, period, now)
    several = len(organisations) > 1
    context = {
        "form": form,
        "active": form.active,
        "page_obj": shown.page,
        "rows": shown.rows,
        "summary": shown.summary,
        "made_at": shown.made_at,
        "pending_corrections": corrections_seen(request.user).pending().count(),
        "views": _views(shown.counts, asked),
        "columns": _columns(asked, show_organisation=several),
        "show_organisation": several,
        "official": period_kind(now),
        **navigation(period, reverse("perf:index"), now, _but(asked, "duree", "jour")),
    }
    return render(request, "perf/index.html", context)


@dataclass(frozen=True)
class Shown:
    """A page of the overview; `made_at` is the age of what was kept of the whole park."""

    page: Page[Any]
    rows: Sequence[OverviewRow]
    summary: Summary
    counts: Mapping[str, int]
    made_at: dt.datetime | None = None


def _shown(
    request: MemberRequest, asked: Mapping[str, str], period: ObservationPeriod, now: dt.datetime
) -> Shown:
    """The whole park is long to close: what was kept of it says which rows the page has."""
    if request.user.is_ans and not {"q", "organisation"} & set(asked):
        order = Order(*_order(asked))
        kept = kept_overview(request.user, period, asked.get("vue", ""), order, now=now)
        page = page_of(request, kept.ids)
        own = overview(WHOLE.filter(pk__in=list(page)), period=period, now=now)
        rows = in_order(own, order.column, falling=order.falling)
        return Shown(page, rows, kept.summary, kept.counts, kept.made_at)
    found = overview(_prestations(request, asked), period=period, now=now)
    page = page_of(request, _in_view(found, asked))
    counts = {name: sum(map(holds, found)) for name, (_label, holds) in VIEWS.items()}
    return Shown(page, list(page), summary(found), counts)


@require_safe
def export(request: MemberRequest, kind: Format) -> HttpResponse:
    """The same prestations in the same order, all pages of them."""
    now = timezone.now().replace(microsecond=0)
    asked = OverviewFilter(request.GET, organisations=fournisseurs(request.user)).chosen
    period = chosen(request.GET, now=now)
    rows = _in_view(overview(_prestations(request, asked), period=period, now=now), asked)
    lines = [cells(row, period) for row in rows]
    return list_response(request, kind, "perf", HEADER, lines)


def _prestations(request: MemberRequest, asked: Mapping[str, str]) -> QuerySet[Prestation]:
    return drimbox_seen(
        request.user, q=asked.get("q", ""), organisation=asked.get("organisation", "")
    )


def _in_view(rows: Sequence[OverviewRow], asked: Mapping[str, str]) -> list[OverviewRow]:
    _label, holds = VIEWS.get(asked.get("vue", ""), VIEWS[""])
    column, falling = _order(asked)
    return in_order([row for row in rows if holds(row)], column, falling=falling)


def _order(asked: Mapping[str, str]) -> tuple[str, bool]:
    order = asked.get("tri", "")
    column = order.removeprefix("-")
    return (column, order.startswith("-")) if column in SORTS else (WORST_FIRST, False)


def _but(asked: Mapping[str, str], *names: str) -> dict[str, str]:
    return {name: value for name, value in asked.items() if name not in names}


def _address(asked: Mapping[str, str], **more: str) -> str:
    kept = {name: value for name, value in {**asked, **more}.items() if value}
    return f"{reverse('perf:index')}?{urlencode(kept)}" if kept else reverse("perf:index")


def _views(counts: Mapping[str, int], asked: Mapping[str, str]) -> list[dict[str, Any]]:
    """The views of the list with their counts; one that is empty is left out unless it is shown."""
    present = asked.get("vue", "")
    present = present if present in VIEWS else ""
    found = [
        {
            "label": label,
            "url": _address(asked, vue=name),
            "current": name == present,
            "is_hidden": name in SCORES,
            "count": counts[name],
        }
        for name, (label, _holds) in VIEWS.items()
    ]
    return [view for view in found if view["current"] or (view["count"] and not view["is_hidden"])]


def _columns(asked: Mapping[str, str], *, show_organisation: bool) -> list[dict[str, Any]]:
    """The heads of the table: a click sorts, a second one turns the order round."""
    column, falling = _order(asked)

    def head(name: str, label: str) -> dict[str, Any]:
        is_sorted = name == column
        down = not falling if is_sorted else name == FALLS_FIRST
        return {
            "label": label,
            "url": _address(asked, tri=f"-{name}" if down else name),
            "sorted": ("descending" if falling else "ascending") if is_sorted else "",
            "is_number": name in NUMBERS,
        }

    return [
        head(name, label)
        for name, label in COLUMNS.items()
        if show_organisation or name != "fournisseur"
    ]
