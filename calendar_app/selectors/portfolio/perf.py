"""What PERF changes of the soldes, where a parameter says how the payment follows it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from django.db.models import QuerySet

from calendar_app.models import Prestation
from calendar_app.querysets import AmountsQuerySet
from calendar_app.rules.money import euros, lost_by
from segur.lib.registry import Registry

Source = Callable[[QuerySet[Any, Any], dt.datetime], Mapping[int, Fraction] | None]
"""Prestations (`values` of their key) and an instant → the PERF of the last statement of each that
is below 1; None while no parameter says that the payment follows PERF."""
_sources: Registry[Source] = Registry()
add_perf = _sources.add
"""From `registrations.py` of the app that measures PERF."""


@dataclass(frozen=True)
class PerfEffect:
    """Cents of the soldes not paid yet that PERF takes away, over so many prestations."""

    cents: int
    prestations: int

    @property
    def amount(self) -> str:
        return euros(self.cents)


def perf_effect(
    seen: AmountsQuerySet, prestations: QuerySet[Prestation], *, now: dt.datetime
) -> PerfEffect | None:
    """None while nothing may be asserted. Two queries."""
    found: dict[int, Fraction] = {}
    is_known = False
    for source in _sources:
        ratios = source(prestations.order_by().values("pk"), now)
        if ratios is not None:
            is_known = True
            found.update(ratios)
    if not is_known:
        return None
    losses = list(_losses(seen.filter(prestation__in=list(found), balance_paid_on=None), found))
    return PerfEffect(sum(losses), len(losses))


def _losses(seen: AmountsQuerySet, ratios: Mapping[int, Fraction]) -> Iterable[int]:
    rows = seen.filter(balance__isnull=False).values_list("prestation", "balance")
    return (lost_by(balance or 0, ratios[prestation]) for prestation, balance in rows)
