"""D_f: the length of the union of the outages, clipped to the period, within the counting base.

DOMAIN §4: overlapping, nested, touching and duplicate outages count once; an outage still open
counts up to `min(now, end of period)`.
"""

import datetime as dt
from collections.abc import Iterable, Sequence

from perf.engine.errors import EndBeforeStart
from perf.engine.hours import Clock
from perf.engine.instants import Interval, interval, to_us

Outage = tuple[dt.datetime, dt.datetime | None]
"""Start and end, aware; None while it lasts."""


def union(intervals: Iterable[Interval]) -> list[Interval]:
    """Disjoint intervals in order, covering the same instants; the empty ones are left out."""
    merged: list[Interval] = []
    for start, end in sorted(intervals):
        if start >= end:
            continue
        if merged and start <= merged[-1].end:
            merged[-1] = Interval(merged[-1].start, max(merged[-1].end, end))
        else:
            merged.append(Interval(start, end))
    return merged


def clip(intervals: Iterable[Interval], period: Interval) -> list[Interval]:
    """The parts of the intervals that lie in the period, in the same order."""
    return [
        Interval(max(start, period.start), min(end, period.end))
        for start, end in intervals
        if start < period.end and end > period.start
    ]


def closed(outages: Iterable[Outage], *, period: Interval, now: int | None) -> list[Interval]:
    """The outages as intervals; an open one runs to `min(now, end of period)`, to the end of the
    period without `now`, and not at all when it starts later. Raises NaiveInstant, EndBeforeStart.
    """
    horizon = period.end if now is None else min(now, period.end)
    found = []
    for start, end in outages:
        if end is None:
            begin = to_us(start)
            found.append(Interval(begin, max(begin, horizon)))
        else:
            found.append(interval(start, end))
    return found


def pieces(
    intervals: Iterable[tuple[int, int]], *, period: Interval
) -> tuple[list[int], list[int]]:
    """The starts and the ends of disjoint pieces, in order, that cover what the intervals cover of
    the period. `intervals` come in the order of their starts; an end before its start is nothing.
    """
    covered, last = period
    starts: list[int] = []
    ends: list[int] = []
    for start, end in intervals:  # `max` and `min` would double the time of a million of them
        begin = covered if start < covered else start  # noqa: FURB136
        stop = last if end > last else end  # noqa: FURB136
        if begin < stop:
            starts.append(begin)
            ends.append(stop)
            covered = stop
    return starts, ends


def counted(intervals: Sequence[Interval], *, period: Interval, clock: Clock) -> int:
    """D_f in microseconds: the time of `clock` within the union of the intervals, in the period.

    Raises EndBeforeStart for the period, and OutOfRange where the clock cannot count a part of it,
    whether an outage falls there or not: the 0 of what nobody can compute is not a 0.
    """
    if period.end < period.start:
        raise EndBeforeStart("the period ends before it starts")
    clock.check(period.start)
    clock.check(period.end)
    return clock.total(*pieces(sorted(intervals), period=period))
