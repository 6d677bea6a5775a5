"""The pace of what is done: per week over the last eight, and where it leads."""

import datetime as dt

import pytest

from calendar_app.rules.burn_up import FARTHEST, progress

TODAY = dt.date(2027, 3, 1)
LEGAL = TODAY + dt.timedelta(weeks=10)


def ago(weeks):
    return TODAY - dt.timedelta(weeks=weeks)


def test_the_pace_is_of_the_last_eight_weeks_alone():
    found = progress(
        [(ago(30), 100), (ago(8), 100), (TODAY, 180)], total=280, legal_day=LEGAL, today=TODAY
    )
    assert (found.done, found.left, found.per_week, found.needed) == (180, 100, 10.0, 10.0)
    assert found.ends_on == LEGAL


def test_what_began_less_than_eight_weeks_ago_is_measured_since_it_began():
    found = progress([(ago(2), 0), (TODAY, 10)], total=20, legal_day=LEGAL, today=TODAY)
    assert found.per_week == 5.0
    assert found.ends_on == TODAY + dt.timedelta(weeks=2)


@pytest.mark.parametrize(
    ("points", "total", "per_week", "ends_on"),
    [
        ([], 10, None, None),
        ([(ago(3), 4), (TODAY, 4)], 10, 4 / 3, TODAY + dt.timedelta(days=31)),
        ([(ago(20), 4), (TODAY, 4)], 10, 0, None),
        ([(ago(20), 10), (TODAY, 10)], 10, 0, TODAY),
    ],
)
def test_no_end_is_given_where_there_is_no_pace(points, total, per_week, ends_on):
    found = progress(points, total=total, legal_day=LEGAL, today=TODAY)
    assert (found.per_week, found.ends_on) == (per_week, ends_on)


@pytest.mark.parametrize(("left", "has_end"), [(1825, True), (1826, False)])
def test_an_end_too_far_away_is_not_given(left, has_end):
    """Seven in a week: one a day."""
    found = progress([(ago(1), 0), (TODAY, 7)], total=7 + left, legal_day=LEGAL, today=TODAY)
    assert (found.ends_on is not None) is has_end
    assert FARTHEST.days == 1825


@pytest.mark.parametrize(("days", "needed"), [(1, 70.0), (0, None), (-1, None)])
def test_nothing_is_needed_per_week_once_the_legal_day_has_come(days, needed):
    legal = TODAY + dt.timedelta(days=days)
    found = progress([(ago(1), 0), (TODAY, 0)], total=10, legal_day=legal, today=TODAY)
    assert found.needed == (pytest.approx(needed) if needed else None)
