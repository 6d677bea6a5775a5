"""Delays in months: the same day number, else the last day of the month (art. 641 CPC)."""

import datetime as dt

import pytest

from segur.lib.months import end_of, months_later


@pytest.mark.parametrize(
    ("day", "count", "later"),
    [
        ("2026-11-20", 2, "2027-01-20"),
        ("2026-12-31", 2, "2027-02-28"),
        ("2027-12-31", 2, "2028-02-29"),
        ("2027-01-31", 1, "2027-02-28"),
        ("2027-02-28", 1, "2027-03-28"),
        ("2027-01-15", 12, "2028-01-15"),
        ("2027-01-15", 0, "2027-01-15"),
    ],
)
def test_months_later(day, count, later):
    assert months_later(dt.date.fromisoformat(day), count) == dt.date.fromisoformat(later)


@pytest.mark.parametrize(
    ("day", "end"),
    [
        ("2027-01-20", "2027-01-20T23:00:00+00:00"),
        ("2027-06-09", "2027-06-09T22:00:00+00:00"),
        ("2027-12-31", "2027-12-31T23:00:00+00:00"),
        ("2027-03-28", "2027-03-28T22:00:00+00:00"),  # of 23 hours
        ("2027-10-31", "2027-10-31T23:00:00+00:00"),  # of 25 hours
    ],
)
def test_a_day_ends_at_its_own_midnight_in_paris(day, end):
    assert end_of(dt.date.fromisoformat(day)).isoformat() == end
