"""Every part of every outage: counted, or why not."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from perf.engine.hours import DatedHours, OpenTime
from perf.engine.instants import Interval, from_us, to_us
from segur.lib import paris


class Why(StrEnum):
    COUNTED = "compté"
    CLOSED = "hors horaires"
    CLOSED_DAY = "jour fermé"
    HOLIDAY = "jour férié"
    MERGED = "déjà compté"
    OUTSIDE = "hors période"
    COMING = "à venir"
    NOT_RETAINED = "non retenu"
    MAINTENANCE = "maintenance"
    UNMEASURED = "non mesuré"


@dataclass(frozen=True)
class Claim:
    """An outage to explain. `name` is how other outages refer to it; `left_out`: why none of it
    counts, None when it is judged by the clock.
    """

    name: str
    interval: Interval
    left_out: Why | None = None


@dataclass(frozen=True)
class Part:
    """[start, end) in microseconds; `note`: the holiday, the weekday or the other outage."""

    start: int
    end: int
    why: Why
    note: str = ""

    @property
    def length(self) -> int:
        return self.end - self.start


def explain(
    claims: Sequence[Claim], *, period: Interval, open_time: OpenTime | None
) -> list[list[Part]]:
    """For each claim, in the order given, its parts in order: together they cover it exactly.

    `open_time` is None for the «continue» base. Where outages overlap, the one that starts first
    counts and the others are «déjà compté»: the lengths of all COUNTED parts add up to D_f.
    """
    parts: dict[int, list[Part]] = {}
    taken: list[tuple[Interval, str]] = []
    for index in sorted(range(len(claims)), key=lambda i: (claims[i].interval, i)):
        claim = claims[index]
        taken = [item for item in taken if item[0].end > claim.interval.start]
        parts[index] = _join(list(_parts(claim, period, taken, open_time)))
        if claim.left_out is None:
            taken += [(new, claim.name) for new in _new(claim.interval, taken)]
    return [parts[index] for index in range(len(claims))]


def explain_added(
    claim: Claim,
    others: Sequence[Interval],
    *,
    period: Interval,
    open_time: OpenTime | None,
    name: str,
) -> list[Part]:
    """The parts of something added to `others`, disjoint and in order: they counted before it.

    The lengths of the COUNTED parts add up to what it adds to D_f. `name` is how the parts that
    overlap refer to the others.
    """
    return _join(list(_parts(claim, period, [(item, name) for item in others], open_time)))


def _new(found: Interval, taken: Sequence[tuple[Interval, str]]) -> list[Interval]:
    """What no outage before has taken."""
    edges = [(Interval(found.start, found.start), ""), *taken, (Interval(found.end, found.end), "")]
    gaps = (
        Interval(max(found.start, left.end), min(found.end, right.start))
        for (left, _l), (right, _r) in pairwise(edges)
    )
    return [gap for gap in gaps if gap.start < gap.end]


def _parts(
    claim: Claim,
    period: Interval,
    taken: Sequence[tuple[Interval, str]],
    open_time: OpenTime | None,
) -> Iterator[Part]:
    start, end = claim.interval
    if start >= end:
        return
    if claim.left_out is not None:
        yield Part(start, end, claim.left_out)
        return
    if start < period.start:
        yield Part(start, min(end, period.start), Why.OUTSIDE)
    inside = Interval(max(start, period.start), min(end, period.end))
    if inside.start < inside.end:
        yield from _inside(inside, taken, open_time)
    if end > period.end:
        yield Part(max(start, period.end), end, Why.OUTSIDE)


def _inside(
    inside: Interval, taken: Sequence[tuple[Interval, str]], open_time: OpenTime | None
) -> Iterator[Part]:
    merged = [
        Part(max(start, inside.start), min(end, inside.end), Why.MERGED, name)
        for (start, end), name in taken
        if start < inside.end and end > inside.start
    ]
    fresh = (part for new in _new(inside, taken) for part in _fresh(new, open_time))
    yield from sorted([*merged, *fresh], key=lambda part: part.start)


def _fresh(found: Interval, open_time: OpenTime | None) -> Iterator[Part]:
    if open_time is None:
        yield Part(*found, Why.COUNTED)
        return
    at = found.start
    for start, end in open_time.slices(*found):
        yield from _closed(at, start, open_time.hours)
        yield Part(start, end, Why.COUNTED)
        at = end
    yield from _closed(at, found.end, open_time.hours)


def _closed(start: int, end: int, hours: DatedHours) -> Iterator[Part]:
    """A closed stretch, day by day of the zone, each with its own reason."""
    while start < end:
        day = from_us(start).astimezone(hours.zone).date()
        midnight = dt.datetime.combine(day + dt.timedelta(days=1), dt.time(0), tzinfo=hours.zone)
        stop = min(end, to_us(midnight.astimezone(dt.UTC)))
        why, note = _reason(day, hours)
        yield Part(start, stop, why, note)
        start = stop


def _reason(day: dt.date, hours: DatedHours) -> tuple[Why, str]:
    if name := hours.holiday(day):
        return Why.HOLIDAY, name
    if not hours.windows(day):
        return Why.CLOSED_DAY, paris.WEEKDAYS[day.weekday()]
    return Why.CLOSED, ""


def _join(parts: Sequence[Part]) -> list[Part]:
    """Neighbours with the same reason are one part."""
    joined: list[Part] = []
    for part in parts:
        last = joined[-1] if joined else None
        if last and last.end == part.start and (last.why, last.note) == (part.why, part.note):
            joined[-1] = Part(last.start, part.end, last.why, last.note)
        else:
            joined.append(part)
    return joined
