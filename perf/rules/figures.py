"""The values that a simulation is made of; every figure is the engine's."""

import datetime as dt
from dataclasses import dataclass
from fractions import Fraction

from perf.engine import explain, score
from perf.engine.instants import Interval
from perf.engine.rules import Rules


@dataclass(frozen=True)
class EngineOutage:
    """An outage as a source describes it. `title` names it, `name` does in the explanation of
    others; `end` is None while it lasts. `left_out`: why it does not count at all, None when it
    does.
    """

    title: str
    name: str
    start: dt.datetime
    end: dt.datetime | None
    left_out: explain.Why | None = None
    is_contested: bool = False


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
    """One counting base. `after` and `passings_after` are None and empty without a planned stop;
    `uncontested`, D_f without what is contested, is None when nothing is.
    """

    code: str
    base: str
    before: Figure
    after: Figure | None
    uncontested: Figure | None
    passings: list[Passing]
    passings_after: list[Passing]

    @property
    def last(self) -> Figure:
        return self.after or self.before


@dataclass(frozen=True)
class Explained:
    """An outage (or the planned stop: `outage` is None), its parts and what counts of it in the
    reading in force.
    """

    outage: EngineOutage | None
    interval: Interval
    parts: list[explain.Part]
    counted: int


@dataclass(frozen=True)
class Simulation:
    """`is_provisional`: something that counts lasts, so D_f still grows; `is_open_ended`: nobody
    knows until when.
    """

    rules: Rules
    period: Interval
    now: dt.datetime
    readings: list[Reading]
    outages: list[Explained]
    planned: Explained | None
    is_provisional: bool
    is_open_ended: bool
    taken: list[Interval]

    @property
    def in_force(self) -> Reading:
        """The reading that the rules choose."""
        return next(item for item in self.readings if item.base == self.rules.base)

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
