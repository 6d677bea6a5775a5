"""What outages, and a planned stop, do to D_f and to PERF, in both readings of the rules.

Pure: `now` is an argument, nothing is read or stored. The figures are the engine's.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache

from perf.engine import downtime, explain, finder, forecast, hours, score
from perf.engine.instants import Interval, to_us
from perf.engine.rules import CONTINU, OUVRABLE, Rules
from perf.typed import Typed
from segur.lib.paris import PARIS

DAYTIME = hours.Hours(
    weekly=dict.fromkeys(range(6), ((dt.time(6), dt.time(22)),)),
    zone=PARIS,
    holiday=hours.national_holiday,
)
"""When people accept to work on a stop: neither at night nor on a Sunday or a holiday."""


@dataclass(frozen=True)
class Figure:
    """D_f in microseconds, and the scale that makes it a score."""

    counted: int
    scale: score.Scale

    @property
    def perf(self) -> Fraction:
        return self.scale.perf(self.counted)

    @property
    def left(self) -> list[int]:
        """The budget left to each threshold, negative once it is passed."""
        return self.scale.left(self.counted)

    @property
    def budgets(self) -> list[tuple[score.Step, int]]:
        return list(zip(self.scale.steps, self.left, strict=True))


@dataclass(frozen=True)
class Passing:
    """If the outage goes on: D_f reaches `limit` at `reached`; after `passed` the score is `to`.

    Both are None when that does not happen by the end of the period. `is_past`: it has happened.
    """

    limit: int
    to: Fraction
    reached: int | None
    passed: int | None
    is_past: bool


@dataclass(frozen=True)
class Reading:
    """One counting base. `after` and `passings_after` are None and empty without a planned stop."""

    code: str
    before: Figure
    after: Figure | None
    passings: list[Passing]
    passings_after: list[Passing]

    @property
    def last(self) -> Figure:
        return self.after or self.before


@dataclass(frozen=True)
class Explained:
    """An outage (or the planned stop: `typed` is None), its parts and what counts in reading A."""

    typed: Typed | None
    interval: Interval
    parts: list[explain.Part]
    counted: int


@dataclass(frozen=True)
class Simulation:
    rules: Rules
    period: Interval
    now: dt.datetime
    readings: list[Reading]
    outages: list[Explained]
    planned: Explained | None
    is_provisional: bool
    taken: list[Interval]

    @property
    def differ(self) -> bool:
        """The two readings do not give the same score: the slides leave the choice open."""
        return len({(r.before.perf, r.last.perf) for r in self.readings}) > 1

    @property
    def outside(self) -> list[Explained]:
        """The outages and the stop of which nothing lies in the period."""
        everything = [*self.outages, *([self.planned] if self.planned else [])]
        return [
            item
            for item in everything
            if item.interval.end <= self.period.start or item.interval.start >= self.period.end
        ]


@cache
def daytime() -> hours.OpenTime:
    return hours.OpenTime(DAYTIME, hours.FIRST_YEAR, hours.LAST_YEAR)


def simulate(
    outages: Sequence[Typed],
    *,
    planned: Interval | None,
    period: Interval,
    now: dt.datetime,
    rules: Rules,
) -> Simulation:
    pairs = [(item.start, item.end) for item in outages]
    closed = downtime.closed(pairs, period=period, now=to_us(now))
    lasting = downtime.closed(pairs, period=period, now=None)
    is_open = any(end is None for _start, end in pairs) and to_us(now) < period.end
    return Simulation(
        rules=rules,
        period=period,
        now=now,
        readings=[
            _reading(
                code,
                base,
                rules,
                closed=closed,
                lasting=lasting if is_open else [],
                planned=planned,
                period=period,
                now=to_us(now),
            )
            for code, base in (("A", OUVRABLE), ("B", CONTINU))
        ],
        outages=_explained(outages, closed, period, rules),
        planned=_planned(planned, closed, period, rules),
        is_provisional=is_open,
        taken=downtime.union(downtime.clip(closed, period)),
    )


def slots(simulation: Simulation, *, length: int, window: Interval) -> list[finder.Slot]:
    """The stops of `length` in `window` that add least to D_f in reading A, the least first."""
    return finder.find(
        length,
        window=window,
        taken=simulation.taken,
        clock=simulation.rules.open_time,
        friendly=daytime(),
    )


def _reading(
    code: str,
    base: str,
    rules: Rules,
    *,
    closed: list[Interval],
    lasting: list[Interval],
    planned: Interval | None,
    period: Interval,
    now: int,
) -> Reading:
    """`lasting`: the outages with what is open run to the end of the period; empty without."""
    clock = rules.clock(base)

    def counted(found: list[Interval]) -> Figure:
        return Figure(downtime.counted(found, period=period, clock=clock), rules.scale)

    def passings(found: list[Interval]) -> list[Passing]:
        return _passings(found, period=period, clock=clock, scale=rules.scale, now=now)

    return Reading(
        code=code,
        before=counted(closed),
        after=counted([*closed, planned]) if planned else None,
        passings=passings(lasting),
        passings_after=passings([*lasting, planned] if planned and lasting else []),
    )


def _passings(
    lasting: list[Interval],
    *,
    period: Interval,
    clock: hours.Clock,
    scale: score.Scale,
    now: int,
) -> list[Passing]:
    """For each threshold, if what is open goes on; empty when nothing is."""
    if not lasting:
        return []
    found = []
    for step, to in scale.falls:
        reached = forecast.crossing(lasting, period=period, clock=clock, limit=step.limit)
        passed = forecast.passed(lasting, period=period, clock=clock, limit=step.limit)
        is_past = passed is not None and passed < now
        found.append(Passing(step.limit, to, reached, passed, is_past))
    return found


def _explained(
    outages: Sequence[Typed], closed: list[Interval], period: Interval, rules: Rules
) -> list[Explained]:
    claims = [
        explain.Claim(f"la ligne {item.number}", interval)
        for item, interval in zip(outages, closed, strict=True)
    ]
    parts = explain.explain(claims, period=period, open_time=rules.open_time)
    return [
        Explained(item, interval, own, _counted(own))
        for item, interval, own in zip(outages, closed, parts, strict=True)
    ]


def _planned(
    planned: Interval | None, closed: list[Interval], period: Interval, rules: Rules
) -> Explained | None:
    if planned is None:
        return None
    parts = explain.explain_added(
        explain.Claim("l'arrêt prévu", planned),
        downtime.union(closed),
        period=period,
        open_time=rules.open_time,
        name="une panne saisie",
    )
    return Explained(None, planned, parts, _counted(parts))


def _counted(parts: Sequence[explain.Part]) -> int:
    return sum(part.length for part in parts if part.why == explain.Why.COUNTED)
