"""Instants for the story: working days and open time before now, whatever the day."""

import datetime as dt
from itertools import count

from perf.engine.hours import support_time
from perf.engine.instants import from_us, to_us
from segur.lib import paris
from segur.lib.national_holidays import national_holidays

SATURDAY = 5
BACK = dt.timedelta(days=14)


def working_day(today: dt.date, back: int) -> dt.date:
    """The `back`-th day from Monday to Friday, holidays left out, before `today`."""
    days = (today - dt.timedelta(n) for n in count(1))
    working = (d for d in days if d.weekday() < SATURDAY and d not in national_holidays(d.year))
    return next(day for place, day in enumerate(working, 1) if place == back)


def day_of_the_year(today: dt.date, back: int) -> dt.date:
    """The same, or the first working day of the year of `today` where that lies before it.

    PERF counts by year: what has to weigh on today's figure is not put in the last one, unless no
    working day of this year is over.
    """
    days = (working_day(today, n) for n in range(back, 0, -1))
    return next((day for day in days if day.year == today.year), working_day(today, back))


def open_since(now: dt.datetime, budget: int) -> dt.datetime:
    """The latest start from which `budget` microseconds of open time have elapsed by `now`."""
    for start, end in reversed(support_time().slices(to_us(now - BACK), to_us(now))):
        if end - start >= budget:
            return from_us(end - budget)
        budget -= end - start
    raise ValueError("more open time than a fortnight has")


def at(day: dt.date, hour: str) -> dt.datetime:
    """«14:30» on the Paris clock."""
    return paris.at(day, dt.time.fromisoformat(hour))
