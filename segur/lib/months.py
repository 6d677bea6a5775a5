"""Delays in months, as the law counts them."""

import datetime as dt

from dateutil.relativedelta import relativedelta

from segur.lib import paris

MIDNIGHT = dt.time(0)


def months_later(day: dt.date, count: int) -> dt.date:
    """The same day number `count` months later, else the last day of that month (art. 641 CPC)."""
    return day + relativedelta(months=count)


def end_of(day: dt.date) -> dt.datetime:
    """The UTC instant at which that Paris day ends: «avant le … à 24h»."""
    return paris.at(day + dt.timedelta(days=1), MIDNIGHT)
