"""Instants as integers: microseconds since 1970-01-01T00:00Z. Floats of hours do not add up.

Intervals are half-open, [start, end).
"""

import datetime as dt
from typing import NamedTuple

from perf.engine.errors import EndBeforeStart, NaiveInstant, OutOfRange

EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
SECOND = 1_000_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE


class Interval(NamedTuple):
    """[start, end) in microseconds since the epoch."""

    start: int
    end: int


def to_us(instant: dt.datetime) -> int:
    """Exact microseconds since the epoch. Raises NaiveInstant."""
    try:
        since = instant - EPOCH
    except TypeError:
        raise NaiveInstant(f"instant without an offset: {instant.isoformat()}") from None
    return (since.days * 86_400 + since.seconds) * SECOND + since.microseconds


def from_us(microseconds: int) -> dt.datetime:
    """The UTC datetime; exact. Raises OutOfRange where no calendar date is left to say it."""
    try:
        return EPOCH + dt.timedelta(microseconds=microseconds)
    except OverflowError:
        raise OutOfRange(f"{microseconds} µs is beyond the years 1 to 9999") from None


def interval(start: dt.datetime, end: dt.datetime) -> Interval:
    """Raises NaiveInstant, and EndBeforeStart when `end` is before `start` (equal is empty)."""
    found = Interval(to_us(start), to_us(end))
    if found.end < found.start:
        raise EndBeforeStart(f"{end.isoformat()} is before {start.isoformat()}")
    return found


def duration_text(microseconds: int) -> str:
    """«HH:MM:SS», with «.ffffff» when it is not a whole second; hours may exceed 99."""
    seconds, rest = divmod(microseconds, SECOND)
    minutes, second = divmod(seconds, 60)
    hours, minute = divmod(minutes, 60)
    text = f"{hours:02}:{minute:02}:{second:02}"
    return f"{text}.{rest:06}" if rest else text
