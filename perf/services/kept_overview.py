"""The overview of the whole park, kept with its age: the order of its rows and their counts.

Closing every service takes seconds on a large park. What is kept is which prestations each view
has, in order; the rows that a page shows are closed again, so that their figures are of now.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict, dataclass
from fractions import Fraction
from functools import partial
from typing import TYPE_CHECKING, Any

from calendar_app.models import Prestation
from calendar_app.services import summaries
from perf.selectors.overview import VIEWS, Summary, in_order, overview, summary

if TYPE_CHECKING:
    from accounts.models import User
    from perf.rules.periods import ObservationPeriod

WHOLE = Prestation.objects.filter(dispositif__has_perf=True)


@dataclass(frozen=True)
class KeptOverview:
    """`counts` by view; `ids` are those of one view, in order."""

    made_at: dt.datetime
    summary: Summary
    counts: dict[str, int]
    ids: list[int]


@dataclass(frozen=True)
class Order:
    """A column of SORTS."""

    column: str
    falling: bool


def kept_overview(
    user: User, period: ObservationPeriod, view: str, order: Order, *, now: dt.datetime
) -> KeptOverview:
    """What `user` did is always in it."""
    sign = "-" if order.falling else ""
    name = f"perf {period.kind} {period.start:%Y-%m-%d} {sign}{order.column}"
    count = partial(_count, period=period, order=order)
    kept = summaries.current(name, count, now=now, user=user)
    mask = 1 << list(VIEWS).index(view if view in VIEWS else "")
    return KeptOverview(
        kept.made_at,
        _summary(kept.data["summary"]),
        kept.data["counts"],
        [pk for pk, masks in kept.data["rows"] if masks & mask],
    )


def _count(now: dt.datetime, *, period: ObservationPeriod, order: Order) -> dict[str, Any]:
    """Each row as its key and the views that it is in, a bit for each."""
    rows = in_order(
        overview(WHOLE.all(), period=period, now=now), order.column, falling=order.falling
    )
    found = asdict(summary(rows))
    scores = [(str(score), count) for score, count in found["scores"]]
    masks = [
        sum(1 << place for place, (_label, holds) in enumerate(VIEWS.values()) if holds(row))
        for row in rows
    ]
    return {
        "summary": {**found, "scores": scores},
        "counts": {
            name: sum(mask >> place & 1 for mask in masks) for place, name in enumerate(VIEWS)
        },
        "rows": [[row.pk, mask] for row, mask in zip(rows, masks, strict=True)],
    }


def _summary(found: dict[str, Any]) -> Summary:
    scores = [(Fraction(score), count) for score, count in found["scores"]]
    return Summary(**{**found, "scores": scores})
