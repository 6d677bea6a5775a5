"""When an attempt that failed is made again."""

import datetime as dt

DELAYS = tuple(dt.timedelta(minutes=m) for m in (1, 5, 14, 40, 120, 360, 540, 1080, 1080, 1080))
"""What separates an attempt from the next: the eleventh, and last, is three days after the first.
"""
THREE_DAYS = dt.timedelta(days=3)


def next_attempt(tries: int, *, now: dt.datetime) -> dt.datetime | None:
    """After so many attempts; None after the last."""
    return now + DELAYS[tries - 1] if tries <= len(DELAYS) else None
