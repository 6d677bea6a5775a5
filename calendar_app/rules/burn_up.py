"""The pace of what is done against a legal date: per week, over the last weeks."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

WEEK = dt.timedelta(days=7)
MEASURED_WEEKS = 8
FARTHEST = dt.timedelta(days=5 * 365)
"""An end beyond it is not given: the pace is as good as none."""

Points = Sequence[tuple[dt.date, int]]


@dataclass(frozen=True, slots=True)
class Progress:
    """`per_week` is None before two days are known; `ends_on` is None where today's pace leads
    nowhere; `needed` is None once the legal day has passed, or when nothing is left.
    """

    done: int
    left: int
    per_week: float | None
    needed: float | None
    ends_on: dt.date | None


def progress(points: Points, *, total: int, legal_day: dt.date, today: dt.date) -> Progress:
    """`points` are (day, how many are done by then), in order, the last not after `today`."""
    done = points[-1][1] if points else 0
    left = max(0, total - done)
    since = today - MEASURED_WEEKS * WEEK
    before = next((count for day, count in reversed(points) if day <= since), 0)
    first = points[0][0] if points else today
    weeks = (today - max(since, first)).days / 7
    per_week = (done - before) / weeks if weeks > 0 else None
    weeks_left = (legal_day - today).days / 7
    return Progress(
        done=done,
        left=left,
        per_week=per_week,
        needed=left / weeks_left if left and weeks_left > 0 else None,
        ends_on=_end(left, per_week, today),
    )


def _end(left: int, per_week: float | None, today: dt.date) -> dt.date | None:
    if not left:
        return today
    if not per_week:
        return None
    length = left / per_week * WEEK
    return today + length if length <= FARTHEST else None
