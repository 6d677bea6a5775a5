"""The closing of the whole park: every service in both readings, from one streamed read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Aggregate, BigIntegerField, F, Func, JSONField, Q

from perf.engine.downtime import pieces
from perf.engine.hours import AllTime, OpenTime
from perf.engine.instants import Interval, from_us
from perf.engine.rules import OUVRABLE, Rules
from perf.enums import OutageStanding

if TYPE_CHECKING:
    from perf.querysets import OutageQuerySet

ALL_TIME = AllTime()
CHUNK = 500
CONTESTED = Q(standing=OutageStanding.CONTESTED)
Pairs = list[tuple[int, int | None]]
"""Starts and ends in microseconds, in order; None while it lasts."""
Row = tuple[
    int, list[int] | None, list[int | None] | None, list[int] | None, list[int | None] | None
]
"""Service, starts and ends of what is not contested, then of what is."""


class Collected(Aggregate):
    """All values of a group as one list: a list of a hundred numbers is read in a tenth of the time
    of a hundred rows."""

    function = "array_agg"
    output_field = JSONField()

    def get_db_converters(self, connection: Any) -> list[Any]:
        return super().get_db_converters(connection) if connection.vendor == "sqlite" else []

    def as_sqlite(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        return self.as_sql(compiler, connection, function="json_group_array", **extra)


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
    for row in _rows(outages.counting(maintenance_counts=rules.maintenance_counts), period):
        service_id, starts, ends, contested_starts, contested_ends = row
        yield _line(
            service_id,
            _pairs(starts, ends),
            _pairs(contested_starts, contested_ends),
            elapsed,
            own[service_id].open_time if service_id in own else default,
            now=now if now < period.end else None,
        )


def _rows(outages: OutageQuerySet, period: Interval) -> Iterator[Row]:
    start, end = Microseconds(F("started_at")), Microseconds(F("ended_at"))
    touching = outages.filter(
        Q(ended_at=None) | Q(ended_at__gt=from_us(period.start)),
        started_at__lt=from_us(period.end),
    )
    lists = {
        "starts": Collected(start, filter=~CONTESTED),
        "ends": Collected(end, filter=~CONTESTED),
        "contested_starts": Collected(start, filter=CONTESTED),
        "contested_ends": Collected(end, filter=CONTESTED),
    }
    rows = touching.order_by("service_id").values("service_id").annotate(**lists)
    return rows.values_list("service_id", *lists).iterator(CHUNK)


def _pairs(starts: list[int] | None, ends: list[int | None] | None) -> Pairs:
    return list(zip(starts or (), ends or (), strict=True))


def _line(
    service_id: int,
    uncontested: Pairs,
    contested: Pairs,
    elapsed: Interval,
    clock: OpenTime,
    *,
    now: int | None,
) -> ParkLine:
    """`now` is None once the period is over: nothing is then open."""
    every = uncontested + contested
    counted = _both(every, elapsed, clock)
    kept = _both(uncontested, elapsed, clock) if contested else counted
    return ParkLine(
        service_id,
        *counted,
        *kept,
        outages=len(every),
        contested=len(contested),
        is_open=now is not None and any(_lasts(start, end, now) for start, end in every),
    )


def _lasts(start: int, end: int | None, now: int) -> bool:
    return start <= now and (end is None or end > now)


def _both(pairs: Pairs, elapsed: Interval, clock: OpenTime) -> tuple[int, int]:
    """The union is made once: the readings only measure it by another clock."""
    until = elapsed.end
    intervals = [(start, until if end is None else end) for start, end in pairs]
    intervals.sort()
    starts, ends = pieces(intervals, period=elapsed)
    return clock.total(starts, ends), ALL_TIME.total(starts, ends)
