"""Opening hours of any shape, without a holiday."""

import datetime as dt

from perf.engine.hours import DatedHours, Span
from segur.lib.paris import PARIS


class WithoutHolidays(DatedHours):
    def holiday(self, day):
        return ""


def weekly(windows, zone=PARIS):
    """Weekday (0 is Monday) → its windows, in order."""
    week = tuple(windows.get(day, ()) for day in range(7))
    return WithoutHolidays((Span(dt.date(2027, 1, 1), week),), zone)
