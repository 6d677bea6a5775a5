"""What outages, and a planned stop, do to D_f and to PERF, in both readings of the rules.

Pure: `now` is an argument, nothing is read or stored. The figures are the engine's.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace

from perf.engine import downtime, explain, finder, forecast, hours, score
from perf.engine.instants import Interval, to_us
from perf.engine.rules import CONTINU, OUVRABLE, SUPPORT_SPAN, Rules
from perf.rules.figures import EngineOutage, Explained, Figure, Passing, Reading, Simulation

DAYTIME: hours.Week = (*(((dt.time(6), dt.time(22)),),) * 6, ())
"""When people accept to work on a stop: neither at night nor on a Sunday or a holiday."""


def daytime() -> hours.OpenTime:
    return Rules(spans=(hours.Span(SUPPORT_SPAN.start, DAYTIME),)).open_time


def simulate(
    outages: Sequence[EngineOutage],
    *,
    planned: Interval | None,
    period: Interval,
    now: dt.datetime,
    rules: Rules,
    until: int | None = None,
) -> Simulation:
    """Both readings of the outages in the period. `until`: what comes later is not counted yet,
    but forecasts know it; None counts to the end of the period, announced ends included.
    """
    counting = [item for item in outages if item.left_out is None]
    elapsed = period if until is None else Interval(period.start, until)
    is_over, horizon = to_us(now) >= period.end, None if until is None else now
    lasting = [item for item in counting if _lasts(item, now, horizon)]
    coming = lasting or [item for item in counting if horizon and item.start > horizon]
    measured = _Measured(
        counted=_closed(counting, period, now),
        uncontested=_closed([o for o in counting if not o.is_contested], period, now),
        lasting=_closed(counting, period, None) if coming and not is_over else [],
        planned=planned,
    )
    return Simulation(
        rules=rules,
        period=period,
        now=now,
        readings=[
            _reading(code, base, measured, rules, period=period, elapsed=elapsed, now=to_us(now))
            for code, base in (("A", OUVRABLE), ("B", CONTINU))
        ],
        outages=_explained(outages, _closed(outages, period, now), period, elapsed, rules),
        planned=_planned(planned, measured.counted, period, rules),
        is_provisional=bool(lasting) and not is_over,
        is_open_ended=any(item.end is None for item in lasting),
        taken=downtime.union(downtime.clip(measured.counted, elapsed)),
    )


def figure(
    outages: Sequence[EngineOutage],
    *,
    start: dt.datetime,
    end: dt.datetime,
    now: dt.datetime,
    rules: Rules,
) -> Figure:
    """D_f and PERF of [start, end) as known at `now`, by the base in force: what `simulate` finds,
    without its explanations.
    """
    period = Interval(to_us(start), to_us(end))
    elapsed = Interval(period.start, min(max(to_us(now), period.start), period.end))
    found = _closed([item for item in outages if item.left_out is None], period, now)
    counted = downtime.counted(found, period=elapsed, clock=rules.clock(rules.base))
    return Figure(counted, rules.scale)


def _lasts(outage: EngineOutage, now: dt.datetime, horizon: dt.datetime | None) -> bool:
    """It has no end yet, or one that is only announced: it comes after the `horizon` up to which
    things are counted.
    """
    if outage.end is None:
        return outage.start <= now or horizon is None
    return horizon is not None and outage.start <= horizon < outage.end


def slots(simulation: Simulation, *, length: int, window: Interval) -> list[finder.Slot]:
    """The stops of `length` in `window` that add least to D_f by the base in force, the least
    first."""
    return finder.find(
        length,
        window=window,
        taken=simulation.taken,
        clock=simulation.rules.clock(simulation.rules.base),
        friendly=daytime(),
    )


@dataclass(frozen=True)
class _Measured:
    """What counts, as intervals; `lasting`: with what is open run to the end of the period and what
    is announced to its end, empty when nothing is.
    """

    counted: list[Interval]
    uncontested: list[Interval]
    lasting: list[Interval]
    planned: Interval | None


def _closed(
    outages: Sequence[EngineOutage], period: Interval, now: dt.datetime | None
) -> list[Interval]:
    pairs = [(item.start, item.end) for item in outages]
    return downtime.closed(pairs, period=period, now=None if now is None else to_us(now))


def _reading(
    code: str,
    base: str,
    measured: _Measured,
    rules: Rules,
    *,
    period: Interval,
    elapsed: Interval,
    now: int,
) -> Reading:
    clock, planned, lasting = rules.clock(base), measured.planned, measured.lasting

    def counted(found: list[Interval]) -> Figure:
        return Figure(downtime.counted(found, period=elapsed, clock=clock), rules.scale)

    def passings(found: list[Interval]) -> list[Passing]:
        return _passings(found, period=period, clock=clock, scale=rules.scale, now=now)

    is_contested = len(measured.uncontested) < len(measured.counted)
    return Reading(
        code=code,
        base=base,
        before=counted(measured.counted),
        after=counted([*measured.counted, planned]) if planned else None,
        uncontested=counted(measured.uncontested) if is_contested else None,
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
    """For each threshold, if what is open goes on and what is announced comes; empty when nothing
    is.
    """
    if not lasting:
        return []
    found = []
    for step, to in scale.falls:
        falling = forecast.crossing(lasting, period=period, clock=clock, limit=step.limit)
        reached, passed = falling or (None, None)
        is_past = passed is not None and passed < now
        found.append(Passing(step.limit, to, reached, passed, is_past))
    return found


def _explained(
    outages: Sequence[EngineOutage],
    closed: list[Interval],
    period: Interval,
    elapsed: Interval,
    rules: Rules,
) -> list[Explained]:
    claims = [
        explain.Claim(item.name, interval, item.left_out)
        for item, interval in zip(outages, closed, strict=True)
    ]
    parts = explain.explain(claims, period=elapsed, open_time=rules.opening(rules.base))
    return [
        Explained(item, interval, _coming(own, elapsed, period), _counted(own))
        for item, interval, own in zip(outages, closed, parts, strict=True)
    ]


def _coming(parts: list[explain.Part], elapsed: Interval, period: Interval) -> list[explain.Part]:
    """Beyond what has elapsed, but in the period, a part is not outside: it is yet to come."""
    return [
        replace(part, why=explain.Why.COMING)
        if part.why == explain.Why.OUTSIDE and elapsed.end <= part.start < period.end
        else part
        for part in parts
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
        open_time=rules.opening(rules.base),
        name="une panne saisie",
    )
    return Explained(None, planned, parts, _counted(parts))


def _counted(parts: Sequence[explain.Part]) -> int:
    return sum(part.length for part in parts if part.why == explain.Why.COUNTED)
