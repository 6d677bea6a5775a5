"""The closing of the whole park: every service in both readings, from one streamed read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from django.db.models import BigIntegerField, F, Func, Q

from perf.engine.downtime import pieces
from perf.engine.hours import AllTime, OpenTime
from perf.engine.instants import Interval, from_us
from perf.engine.rules import OUVRABLE, Rules
from perf.enums import Standing

if TYPE_CHECKING:
    from perf.querysets import OutageQuerySet

ALL_TIME = AllTime()
CHUNK = 5_000
CONTESTED = Standing.CONTESTED.value
Row = tuple[int, int, int | None, str]
"""Service, start and end in microseconds, standing; in the order of service and start."""


class Microseconds(Func):
    """An instant as microseconds since the epoch: the driver then makes no datetime of it.

    Exact up to the year 2100: on PostgreSQL the rounding of a double stays under half a microsecond
    until then, and takes half the time of its exact numbers.
    """

    output_field = BigIntegerField()

    def get_db_converters(self, _connection: Any) -> list[Any]:
        return []  # both databases answer with an int

    def as_postgresql(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        template = "round(date_part('epoch', %(expressions)s) * 1000000)::bigint"
        return self.as_sql(compiler, connection, template=template, **extra)

    def as_sqlite(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        template = (
            "(unixepoch(substr(%(expressions)s, 1, 19)) * 1000000"
            " + CAST(substr(%(expressions)s || '.000000', 21, 6) AS INTEGER))"
        )
        return self.as_sql(compiler, connection, template=template, **extra)


@dataclass(frozen=True, slots=True)
class ParkLine:
    """One service in the period: D_f in microseconds, reading A «ouvrable» and B «continu».

    `uncontested_*`: D_f without what is contested, the same when nothing is. `is_open`: an outage
    that counts goes on, so the figures are provisional.
    """

    service_id: int
    counted_a: int
    counted_b: int
    uncontested_a: int
    uncontested_b: int
    outages: int
    contested: int
    is_open: bool

    def counted(self, base: str) -> int:
        return self.counted_a if base == OUVRABLE else self.counted_b

    def uncontested(self, base: str) -> int:
        return self.uncontested_a if base == OUVRABLE else self.uncontested_b


def close_park(
    outages: OutageQuerySet,
    *,
    period: Interval,
    rules: Rules,
    now: int,
    own_rules: Mapping[int, Rules] | None = None,
) -> Iterator[ParkLine]:
    """A line for each service of which an outage counts in the period, in the order of their ids.

    What has elapsed by `now` counts, as on the page of a prestation. `own_rules`: those of the
    services, by id, whose Client has holidays of its own. One query, read as it comes inside a
    transaction; on PostgreSQL the server keeps the answer outside of one. Raises OutOfRange.
    """
    elapsed = Interval(period.start, min(max(now, period.start), period.end))
    own = own_rules or {}
    default = rules.open_time
    rows = _rows(outages.counting(maintenance_counts=rules.maintenance_counts), period)
    for service_id, found in groupby(rows, key=itemgetter(0)):
        clock = own[service_id].open_time if service_id in own else default
        yield _line(service_id, list(found), elapsed, clock, now=now if now < period.end else None)


def _rows(outages: OutageQuerySet, period: Interval) -> Iterator[Row]:
    start, end = Microseconds(F("started_at")), Microseconds(F("ended_at"))
    touching = outages.filter(
        Q(ended_at=None) | Q(ended_at__gt=from_us(period.start)),
        started_at__lt=from_us(period.end),
    )
    rows = touching.order_by("service_id", "started_at")
    return rows.values_list("service_id", start, end, "standing").iterator(CHUNK)


def _line(
    service_id: int, rows: list[Row], elapsed: Interval, clock: OpenTime, *, now: int | None
) -> ParkLine:
    """`now` is None once the period is over: nothing is then open."""
    until = elapsed.end
    intervals = [(start, until if end is None else end) for _id, start, end, _standing in rows]
    counted_a, counted_b = uncontested_a, uncontested_b = _both(intervals, elapsed, clock)
    contested = sum(standing == CONTESTED for _id, _start, _end, standing in rows)
    if contested:
        kept = [pair for pair, row in zip(intervals, rows, strict=True) if row[3] != CONTESTED]
        uncontested_a, uncontested_b = _both(kept, elapsed, clock)
    return ParkLine(
        service_id=service_id,
        counted_a=counted_a,
        counted_b=counted_b,
        uncontested_a=uncontested_a,
        uncontested_b=uncontested_b,
        outages=len(rows),
        contested=contested,
        is_open=now is not None and any(_lasts(start, end, now) for _id, start, end, _s in rows),
    )


def _lasts(start: int, end: int | None, now: int) -> bool:
    return start <= now and (end is None or end > now)


def _both(intervals: list[tuple[int, int]], elapsed: Interval, clock: OpenTime) -> tuple[int, int]:
    """The union is made once: the readings only measure it by another clock."""
    starts, ends = pieces(intervals, period=elapsed)
    return clock.total(starts, ends), ALL_TIME.total(starts, ends)
