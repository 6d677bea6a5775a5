"""Outages of a service month by month, and as lines that the simulator reads."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q

from perf.engine.instants import MINUTE
from perf.engine.rules import Rules
from perf.enums import Period
from perf.models import Outage, Service
from perf.reading.typed import MAX_LINES
from perf.rules import periods
from perf.rules.figures import Figure
from perf.rules.periods import ObservationPeriod
from perf.rules.simulation import figure
from perf.selectors.situations import SituationLine, to_engine
from segur.lib import charts, paris
from segur.lib.remaining import Meaning

MONTHS = 12


@dataclass(frozen=True)
class MonthTrend:
    """`begun`: the outages that begin in the month and count; `figure`: D_f of the month."""

    month: ObservationPeriod
    begun: int
    figure: Figure
    bar: charts.Bar


def trend(
    service: Service, *, since: dt.datetime, now: dt.datetime, rules: Rules
) -> list[MonthTrend]:
    """The last months in which the service was followed (`since`), the present one up to now,
    oldest first: one query. An outage over the midnight between two months counts in both, for its
    part. Raises OutOfRange.
    """
    months = [month for month in _months(now) if month.end > since] or _months(now)[-1:]
    touching = Q(ended_at=None) | Q(ended_at__gt=months[0].start)
    rows = Outage.objects.filter(touching, service=service, started_at__lt=now)
    outages = [
        one
        for row in rows.order_by("started_at", "pk")
        if (one := to_engine(row, rules)).left_out is None
    ]
    figures = [
        figure(
            [one for one in outages if one.start < month.end and (one.end or now) > month.start],
            start=month.start,
            end=month.end,
            now=now,
            rules=rules,
        )
        for month in months
    ]
    bars = charts.bars(
        [
            (month.label, [charts.BarPart("minutes", Meaning.SOON, one.counted // MINUTE)])
            for month, one in zip(months, figures, strict=True)
        ]
    )
    begun = [sum(month.start <= one.start < month.end for one in outages) for month in months]
    return [MonthTrend(*row) for row in zip(months, begun, figures, bars, strict=True)]


def _months(now: dt.datetime) -> list[ObservationPeriod]:
    found = [periods.containing(now, Period.MONTH)]
    while len(found) < MONTHS:
        found.append(found[-1].previous)
    return found[::-1]


def typed_outages(lines: Sequence[SituationLine]) -> str:
    """Those that count, as one types them in the simulator; «» for none, or for more than it takes.
    Offsets are written: in October an hour comes twice.
    """
    counting = [line.outage for line in lines if line.counts]
    if len(counting) > MAX_LINES:
        return ""
    return "\n".join(f"{_iso(row.started_at)} → {_iso(row.ended_at)}" for row in counting)


def _iso(at: dt.datetime | None) -> str:
    return paris.local(at).isoformat() if at else "en cours"
