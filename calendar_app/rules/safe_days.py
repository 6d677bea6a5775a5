"""The last safe day before a legal one: advice of this site, never a legal date."""

import datetime as dt

from segur.lib.workdays import days_before

DEFAULT_MARGIN = 10
"""Working days, while an organisation has not set its own."""
LONGEST_MARGIN = 120


def safe_day(due_day: dt.date, *, margin: int, review: int = 0) -> dt.date:
    """The last day that still leaves `margin` and `review` working days before a legal day.

    Advice of this site, never a legal date. With neither, the legal day or the working day before.
    """
    return days_before(due_day, margin + review)
