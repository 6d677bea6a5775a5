"""When each threshold is passed, if what is going on goes on."""

from collections.abc import Sequence

from perf.engine.downtime import clip, union
from perf.engine.hours import Clock
from perf.engine.instants import Interval


def crossing(
    intervals: Sequence[Interval], *, period: Interval, clock: Clock, limit: int
) -> tuple[int, int] | None:
    """The instant at which D_f reaches `limit`, and the last one at which it is still that: beyond
    it, the score of the limit is lost. The second is later when the limit is reached at closing
    time: the score falls at the next opening.

    Give an ongoing outage as running to the end of the period: its future is then the forecast.
    None when D_f does not exceed the limit by the end of the period.
    """
    total = 0
    for start, end in union(clip(intervals, period)):
        here = clock.elapsed(start, end)
        if total + here > limit:
            return clock.after(start, limit - total), clock.after(start, limit - total + 1) - 1
        total += here
    return None
