"""Working days («jours ouvrés»): Monday to Friday, national holidays left out.

They pace the reminders and the counts on screen; they never move a legal deadline.
"""

import datetime as dt
from functools import lru_cache

from segur.lib.national_holidays import is_holiday

SATURDAY = 5
ONE_DAY = dt.timedelta(days=1)


def is_working_day(day: dt.date) -> bool:
    """Monday to Friday, and not a national holiday."""
    return day.weekday() < SATURDAY and not is_holiday(day)


@lru_cache(maxsize=4096)  # a list asks the same of each of its lines
def working_days(start: dt.date, end: dt.date) -> int:
    """How many working days lie in [start, end). Raises ValueError when end is before start.

    From today to the day of a deadline: the whole days left to work, its own morning not counted.
    """
    if end < start:
        raise ValueError(f"{end} is before {start}")
    days = (start + dt.timedelta(days=i) for i in range((end - start).days))
    return sum(map(is_working_day, days))


def this_or_previous_working_day(day: dt.date) -> dt.date:
    """The day itself when one works, else the nearest working day before."""
    while not is_working_day(day):
        day -= ONE_DAY
    return day


def this_or_next_working_day(day: dt.date) -> dt.date:
    """The day itself when one works, else the nearest working day after."""
    while not is_working_day(day):
        day += ONE_DAY
    return day


def days_before(day: dt.date, count: int) -> dt.date:
    """The working day from which `count` working days lie before `day`."""
    found = day
    while count > 0 or not is_working_day(found):
        found -= ONE_DAY
        count -= is_working_day(found)
    return found
