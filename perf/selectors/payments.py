"""The PERF that a payment would follow: the last statement of each prestation."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery

from parameters.selectors import value
from perf.models import Statement
from perf.rules.parameters import BALANCE, PERF_MULTIPLIES


def ratios(prestations: QuerySet[Any, Any], now: dt.datetime) -> dict[int, Fraction] | None:
    """A `calendar_app.selectors.portfolio.perf.Source`. One query."""
    if value(PERF_MULTIPLIES, at=now) != BALANCE:
        return None
    last = (
        Statement.objects.filter(prestation=OuterRef("prestation"), replaced_by=None)
        .order_by("-period_end", "-pk")
        .values("pk")[:1]
    )
    found = Statement.objects.filter(prestation__in=prestations, pk=Subquery(last))
    return {
        prestation: Fraction(perf)
        for prestation, perf in found.order_by().values_list("prestation", "perf")
        if Fraction(perf) < 1
    }
