"""Instants of January 2027 on the Paris clock: the 1st is a holiday, the 15th a Friday."""

import datetime as dt

from perf.engine.instants import Interval, to_us
from segur.lib.paris import PARIS

US = 1


def moment(day, clock="00:00"):
    """Aware; day 32 is the 1st of February."""
    midnight = dt.datetime(2027, 1, 1, tzinfo=PARIS) + dt.timedelta(days=day - 1)
    return dt.datetime.combine(midnight.date(), dt.time.fromisoformat(clock), tzinfo=PARIS)


def at(day, clock="00:00"):
    return to_us(moment(day, clock))


def span(start, end):
    """«15 18:00» to «18 10:00»."""
    (first, opening), (last, closing) = start.split(), end.split()
    return Interval(at(int(first), opening), at(int(last), closing))


MONTH = Interval(at(1), at(32))
