"""Where a stop costs least: every start on a step, its cost by the clock, the cheapest first."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from perf.engine.downtime import union
from perf.engine.errors import EngineError
from perf.engine.hours import Clock
from perf.engine.instants import MINUTE, Interval

STEP = 15 * MINUTE
MAX_STARTS = 10_000


class TooManyStarts(EngineError):  # noqa: N818
    """The range holds more starts than MAX_STARTS."""


@dataclass(frozen=True)
class Slot:
    """Neighbouring starts, `first` to `last` by the step, whose stops add the same `cost` to D_f.

    `best` is the stop that falls most in the friendly hours, the earliest of them.
    """

    cost: int
    best: Interval
    first: int
    last: int


def find(
    length: int,
    *,
    window: Interval,
    taken: Sequence[Interval],
    clock: Clock,
    friendly: Clock,
    step: int = STEP,
) -> list[Slot]:
    """All stops of `length` that lie in `window`, as slots: cheapest, friendliest, earliest first.

    The starts tried are the multiples of `step` since the epoch, quarters of an hour on the Paris
    clock. What overlaps `taken` costs nothing more: it counts already. Exact for these starts.
    Raises TooManyStarts, and OutOfRange as the clocks do.
    """
    starts = range(-(-window.start // step) * step, window.end - length + 1, step)
    if len(starts) > MAX_STARTS:
        raise TooManyStarts(f"{len(starts)} starts, at most {MAX_STARTS} are tried")
    costs = _costs(starts, length, union(taken), clock)
    slots = [_slot(cost, list(group), length, friendly) for cost, group in costs]
    return sorted(slots, key=lambda s: (s.cost, -friendly.elapsed(*s.best), s.best.start))


def cost(stop: Interval, taken: Sequence[Interval], clock: Clock) -> int:
    """What the stop adds to D_f. `taken`: disjoint and in order, as `union` gives them."""
    first = bisect_right(taken, stop.start, key=lambda item: item.end)
    last = bisect_left(taken, stop.end, key=lambda item: item.start)
    already = sum(
        clock.elapsed(max(start, stop.start), min(end, stop.end))
        for start, end in taken[first:last]
    )
    return clock.elapsed(*stop) - already


def _costs(
    starts: Sequence[int], length: int, taken: Sequence[Interval], clock: Clock
) -> Iterator[tuple[int, Iterator[int]]]:
    return groupby(starts, key=lambda s: cost(Interval(s, s + length), taken, clock))


def _slot(found: int, starts: Sequence[int], length: int, friendly: Clock) -> Slot:
    best = max(starts, key=lambda s: (friendly.elapsed(s, s + length), -s))
    return Slot(found, Interval(best, best + length), starts[0], starts[-1])
