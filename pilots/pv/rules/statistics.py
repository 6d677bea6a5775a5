"""Figures of the review: what came in and went out, how long it took, what was refused and why."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from statistics import median_low
from typing import TypeVar

from segur.lib import paris

WEEK = dt.timedelta(days=7)
T = TypeVar("T", bound=Hashable)


@dataclass(frozen=True)
class Decided:
    """A review that has ended. `reasons` are (what is wrong, on which line); `days` are working
    days.
    """

    pv_id: int
    at: dt.datetime
    days: int
    is_conform: bool
    agent_id: int | None = None
    agent: str = ""
    reasons: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class WeekFlow:
    monday: dt.date
    received: int
    decided: int


@dataclass(frozen=True)
class ReviewGroup:
    """Reviews that share something: `median` and `longest` in working days."""

    count: int
    refused: int
    median: int
    longest: int

    @property
    def share(self) -> int:
        """The percentage refused, to the nearest whole one."""
        return percent(self.refused, self.count)


def monday(day: dt.date) -> dt.date:
    return day - dt.timedelta(days=day.weekday())


def flow(
    received: Iterable[dt.datetime], decided: Iterable[dt.datetime], *, today: dt.date, weeks: int
) -> list[WeekFlow]:
    """The last `weeks` Paris weeks, the present one included, oldest first."""
    came, left = (Counter(monday(paris.day(at)) for at in found) for found in (received, decided))
    last = monday(today)
    mondays = [last - back * WEEK for back in reversed(range(weeks))]
    return [WeekFlow(day, came[day], left[day]) for day in mondays]


def month_of(review: Decided) -> dt.date:
    return paris.day(review.at).replace(day=1)


def groups(reviews: Iterable[Decided], key: Callable[[Decided], T]) -> dict[T, ReviewGroup]:
    """In the order in which each key is first met."""
    found: defaultdict[T, list[Decided]] = defaultdict(list)
    for review in reviews:
        found[key(review)].append(review)
    return {name: _group(rows) for name, rows in found.items()}


def _group(rows: list[Decided]) -> ReviewGroup:
    days = [review.days for review in rows]
    refused = sum(not review.is_conform for review in rows)
    return ReviewGroup(len(rows), refused, median_low(days), max(days))


def reasons(reviews: Iterable[Decided], part: int) -> list[tuple[str, int]]:
    """How many refusals have each reason, most frequent first: by what is wrong (part 0) or by the
    line concerned (part 1). A refusal with the same one twice counts once.
    """
    count = Counter(
        words for review in reviews for words in sorted({one[part] for one in review.reasons})
    )
    return sorted(count.items(), key=lambda item: (-item[1], item[0]))


def percent(part: int, whole: int) -> int:
    """Halves go up; 0 of nothing."""
    return (200 * part + whole) // (2 * whole) if whole else 0
