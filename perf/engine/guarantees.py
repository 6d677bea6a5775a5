"""GTI and GTR: a budget of open time from the declaration (DOMAIN §4).

The due instant is the earliest at which the budget is used up: one that falls at closing time stays
there. Whether a guarantee is met compares elapsed open time with the budget, so an answer given
while the support is closed is as good as one at the closing.
"""

import datetime as dt
from dataclasses import dataclass

from perf.engine.errors import EndBeforeStart
from perf.engine.hours import Clock
from perf.engine.instants import HOUR, MINUTE, from_us, to_us

GTI = 30 * MINUTE
GTR = 4 * HOUR


@dataclass(frozen=True)
class Guarantee:
    """`met` is None while undecided; `elapsed` in microseconds, None without an end."""

    due: dt.datetime
    met: bool | None
    elapsed: int | None


def guarantee(
    opened_at: dt.datetime,
    done_at: dt.datetime | None,
    *,
    budget: int,
    clock: Clock,
    as_of: dt.datetime | None = None,
) -> Guarantee:
    """One guarantee of one ticket. Not done yet, it is missed once `as_of` is beyond the budget.

    Raises NaiveInstant, OutOfRange, and EndBeforeStart for something done before the declaration.
    """
    start = to_us(opened_at)
    due = from_us(clock.after(start, budget))
    end = done_at or as_of
    if end is None:
        return Guarantee(due, None, None)
    if to_us(end) < start:
        raise EndBeforeStart(f"{end.isoformat()} is before {opened_at.isoformat()}")
    elapsed = clock.elapsed(start, to_us(end))
    if done_at is None:
        return Guarantee(due, False if elapsed > budget else None, elapsed)
    return Guarantee(due, elapsed <= budget, elapsed)
