"""Instants for the story: working days and open time before now, whatever the day."""

import datetime as dt

from perf.engine.instants import from_us, to_us
from perf.engine.rules import SLIDES
from segur.lib import paris
from segur.lib.workdays import days_before

BACK = dt.timedelta(days=14)


def day_of_the_year(today: dt.date, back: int) -> dt.date:
    """The same, or the first working day of the year of `today` where that lies before it.

    PERF counts by year: what has to weigh on today's figure is not put in the last one, unless no
    working day of this year is over.
    """
    days = (days_before(today, n) for n in range(back, 0, -1))
    return next((day for day in days if day.year == today.year), days_before(today, back))


def open_since(now: dt.datetime, budget: int) -> dt.datetime:
    """The latest start from which `budget` microseconds of open time have elapsed by `now`."""
    for start, end in reversed(SLIDES.open_time.slices(to_us(now - BACK), to_us(now))):
        if end - start >= budget:
            return from_us(end - budget)
        budget -= end - start
    raise ValueError("more open time than a fortnight has")


def at(day: dt.date, hour: str) -> dt.datetime:
    """«14:30» on the Paris clock."""
    return paris.at(day, dt.time.fromisoformat(hour))
