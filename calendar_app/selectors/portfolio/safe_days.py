"""«Dernier jour sûr»: the legal date less the organisation's margin and the ANS's review time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from accounts.models import Organisation
from calendar_app.models import Milestone, SafetyMargin
from calendar_app.rules.safe_days import DEFAULT_MARGIN, safe_day
from segur.lib import paris
from segur.lib.registry import Registry


@dataclass(frozen=True)
class ReviewTime:
    """The usual review time in working days; measured on so many reviews, 0 where supposed."""

    working_days: int
    measured: int


Source = Callable[[dt.datetime], ReviewTime | None]
_sources: Registry[Source] = Registry()
add_review_time = _sources.add
"""From `registrations.py` of the app that reviews what a milestone asks for (`needs_pilots`)."""


def review_time(now: dt.datetime) -> ReviewTime | None:
    """None while no review has been measured."""
    found = [time for source in _sources if (time := source(now))]
    return max(found, key=lambda time: time.working_days, default=None)


@dataclass(frozen=True)
class SafeDay:
    milestone: Milestone
    day: dt.date
    margin: int
    review: ReviewTime | None


def margin_of(organisation: Organisation | None) -> int:
    found = SafetyMargin.objects.filter(organisation=organisation).first()
    return found.days if found else DEFAULT_MARGIN


def safe_days(
    milestones: Iterable[Milestone], organisation: Organisation | None, *, now: dt.datetime
) -> list[SafeDay]:
    """The milestones that have a legal date, each with its last safe day."""
    margin, time = margin_of(organisation), review_time(now)
    return [
        _safe(row, margin, time if row.needs_pilots else None) for row in milestones if row.due_at
    ]


def _safe(milestone: Milestone, margin: int, time: ReviewTime | None) -> SafeDay:
    assert milestone.due_at is not None  # noqa: S101  (chosen by `safe_days`)
    day = safe_day(
        paris.last_day(milestone.due_at), margin=margin, review=time.working_days if time else 0
    )
    return SafeDay(milestone, day, margin, time)
