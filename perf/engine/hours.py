"""Opening hours, and the open time elapsed between two instants.

DOMAIN §4: support is open «tous les jours hors dimanche et jours fériés, de 9h à 19h du lundi au
vendredi et de 9h à 13h le samedi, heure de métropole».
"""

import datetime as dt
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Protocol
from zoneinfo import ZoneInfo

from perf.engine.errors import OutOfRange
from perf.engine.instants import Interval, from_us, to_us
from segur.lib.instants import FIRST_YEAR, LAST_YEAR
from segur.lib.national_holidays import national_holidays
from segur.lib.opening_hours import MIDNIGHT, Window
from segur.lib.paris import PARIS

__all__ = ["FIRST_YEAR", "LAST_YEAR"]

NEVER = 1 << 63
"""Beyond any instant."""


Week = tuple[tuple[Window, ...], ...]
"""Seven tuples of windows, Monday first."""


@dataclass(frozen=True)
class Span:
    """Weekly hours that hold from a Paris day on; `subdivision` (of the `holidays` package, ex.
    «57») closes its own days as well as the national ones.
    """

    start: dt.date
    week: Week
    subdivision: str = ""


@dataclass(frozen=True)
class DatedHours:
    """Opening hours that change on given days; the first of `spans` also holds before its start."""

    spans: tuple[Span, ...]
    zone: ZoneInfo = PARIS

    def windows(self, day: dt.date) -> Sequence[Window]:
        return () if self.holiday(day) else self._span(day).week[day.weekday()]

    def holiday(self, day: dt.date) -> str:
        return national_holidays(day.year, self._span(day).subdivision).get(day, "")

    def _span(self, day: dt.date) -> Span:
        return next((s for s in reversed(self.spans) if s.start <= day), self.spans[0])


class Clock(Protocol):
    """Something that counts time between two instants, in microseconds."""

    def check(self, instant: int) -> None:
        """Raises OutOfRange where it cannot count."""

    def elapsed(self, start: int, end: int) -> int:
        """Time counted in [start, end); both in microseconds since the epoch."""

    def total(self, starts: Sequence[int], ends: Sequence[int]) -> int:
        """The same for many intervals at once, in order and disjoint."""

    def after(self, start: int, budget: int) -> int:
        """The earliest instant at which `budget` is used up, counting from `start`."""


class OpenTime:
    """Open time as a step function: cumulated at each opening and closing.

    Computed once for whole years [first_year, last_year]; then an interval costs two bisections.
    Outside these years every method raises OutOfRange.
    """

    def __init__(self, hours: DatedHours, first_year: int, last_year: int) -> None:
        self.hours = hours
        slices = list(_slices(hours, first_year, last_year))
        self._starts = [s.start for s in slices]
        self._ends = [s.end for s in slices]
        self._opens = [*self._starts, NEVER]  # with what comes before the first and after the last
        self._closes = [-NEVER, *self._ends]
        self._totals = [0, *accumulate(s.end - s.start for s in slices)]
        self.first = _midnight(dt.date(first_year, 1, 1), hours.zone)
        self.last = _midnight(dt.date(last_year + 1, 1, 1), hours.zone)

    def elapsed(self, start: int, end: int) -> int:
        """Open microseconds in [start, end); 0 when `end` is not after `start`."""
        if not self.first <= start <= end <= self.last:
            self.check(start)
            self.check(end)
            return 0
        before = bisect_right(self._starts, start)
        last = bisect_right(self._starts, end, before)
        return self._opened(last, end) - self._opened(before, start)

    def total(self, starts: Sequence[int], ends: Sequence[int]) -> int:
        """Open microseconds in all of [starts[i], ends[i]), in order and disjoint.

        What `elapsed` says of each, in one loop: a park has a million of them.
        """
        if starts:
            self.check(starts[0])
            self.check(ends[-1])
        opens, closes, totals = self._opens, self._closes, self._totals
        opened = 0
        for start, end in zip(starts, ends, strict=True):
            before = bisect_right(opens, start)
            close = closes[before]
            if end >= opens[before]:  # beyond the next opening
                last = bisect_right(opens, end, before)
                opened += totals[last] - totals[before]
                if end < closes[last]:
                    opened -= closes[last] - end
                if start < close:
                    opened += close - start
            elif end < close:
                opened += end - start
            elif start < close:
                opened += close - start
        return opened

    def after(self, start: int, budget: int) -> int:
        """The earliest instant at which `budget` open microseconds have elapsed since `start`.

        A budget used up at closing time is used up at closing time, not at the next opening. A
        budget of 0 is used up at `start` itself.
        """
        if budget <= 0:
            self.check(start)
            return start
        target = self._until(start) + budget
        index = bisect_left(self._totals, target) - 1
        if index >= len(self._starts):
            raise OutOfRange(f"open time runs out after {from_us(self.last).isoformat()}")
        return self._starts[index] + target - self._totals[index]

    def slices(self, start: int, end: int) -> list[Interval]:
        """The open parts of [start, end), in order."""
        self.check(start)
        self.check(end)
        first = bisect_right(self._ends, start)
        last = bisect_left(self._starts, end)
        return [
            Interval(max(start, self._starts[i]), min(end, self._ends[i]))
            for i in range(first, last)
        ]

    def _until(self, instant: int) -> int:
        """Open time from the first year to the instant."""
        self.check(instant)
        return self._opened(bisect_right(self._starts, instant), instant)

    def _opened(self, count: int, instant: int) -> int:
        """The same, the number of openings by then being known; the last one may be going on."""
        total = self._totals[count]
        left = self._ends[count - 1] - instant if count else 0
        return total - left if left > 0 else total

    def check(self, instant: int) -> None:
        """Raises OutOfRange outside the computed years."""
        if not self.first <= instant <= self.last:
            raise OutOfRange(
                f"{from_us(instant).isoformat()} is outside the computed years, "
                f"{from_us(self.first).isoformat()} to {from_us(self.last).isoformat()}"
            )


class AllTime:
    """The «continue» base: every microsecond counts, day and night."""

    def check(self, instant: int) -> None:
        """It counts at any instant."""

    def elapsed(self, start: int, end: int) -> int:
        return max(0, end - start)

    def total(self, starts: Sequence[int], ends: Sequence[int]) -> int:
        return sum(ends) - sum(starts)

    def after(self, start: int, budget: int) -> int:
        return start + max(0, budget)


def _midnight(day: dt.date, zone: ZoneInfo) -> int:
    return to_us(dt.datetime.combine(day, MIDNIGHT, tzinfo=zone).astimezone(dt.UTC))


def _slices(hours: DatedHours, first_year: int, last_year: int) -> Iterator[Interval]:
    day, stop = dt.date(first_year, 1, 1), dt.date(last_year + 1, 1, 1)
    while day < stop:
        for opening, closing in hours.windows(day):
            closing_day = day + dt.timedelta(days=1) if closing == MIDNIGHT else day
            yield Interval(
                to_us(dt.datetime.combine(day, opening, tzinfo=hours.zone).astimezone(dt.UTC)),
                to_us(
                    dt.datetime.combine(closing_day, closing, tzinfo=hours.zone).astimezone(dt.UTC)
                ),
            )
        day += dt.timedelta(days=1)


WEEKDAY = ((dt.time(9), dt.time(19)),)
SATURDAY = ((dt.time(9), dt.time(13)),)
