"""Working days in the week of each holiday 2025–2028, counted on a paper calendar."""

import datetime as dt

import pytest

from segur.lib.workdays import working_days

WEEKS = [  # Monday of the week, how many of its days are worked
    ("2024-12-30", 4),  # Wednesday 1 January 2025
    ("2025-04-21", 4),  # Easter Monday
    ("2025-04-28", 4),  # Thursday 1 May
    ("2025-05-05", 4),  # Thursday 8 May
    ("2025-05-26", 4),  # Ascension, Thursday 29 May
    ("2025-06-09", 4),  # Whit Monday
    ("2025-07-14", 4),  # Monday
    ("2025-08-11", 4),  # Friday 15 August
    ("2025-10-27", 5),  # Saturday 1 November
    ("2025-11-10", 4),  # Tuesday
    ("2025-12-22", 4),  # Thursday
    ("2025-12-29", 4),  # Thursday 1 January 2026
    ("2026-04-06", 4),  # Easter Monday
    ("2026-04-27", 4),  # Friday 1 May
    ("2026-05-04", 4),  # Friday 8 May
    ("2026-05-11", 4),  # Ascension, Thursday 14 May
    ("2026-05-25", 4),  # Whit Monday
    ("2026-07-13", 4),  # Tuesday
    ("2026-08-10", 5),  # Saturday 15 August
    ("2026-10-26", 5),  # Sunday 1 November
    ("2026-11-09", 4),  # Wednesday
    ("2026-12-21", 4),  # Friday
    ("2026-12-28", 4),  # Friday 1 January 2027
    ("2027-03-29", 4),  # Easter Monday
    ("2027-04-26", 5),  # Saturday 1 May
    ("2027-05-03", 4),  # Ascension on Thursday 6 May, and 8 May on a Saturday
    ("2027-05-17", 4),  # Whit Monday
    ("2027-07-12", 4),  # Wednesday
    ("2027-08-09", 5),  # Sunday 15 August
    ("2027-11-01", 4),  # Monday
    ("2027-11-08", 4),  # Thursday
    ("2027-12-20", 5),  # Saturday 25 December
    ("2027-12-27", 5),  # Saturday 1 January 2028
    ("2028-04-17", 4),  # Easter Monday
    ("2028-05-01", 4),  # Monday
    ("2028-05-08", 4),  # Monday
    ("2028-05-22", 4),  # Ascension, Thursday 25 May
    ("2028-06-05", 4),  # Whit Monday
    ("2028-07-10", 4),  # Friday 14 July
    ("2028-08-14", 4),  # Tuesday
    ("2028-10-30", 4),  # Wednesday 1 November
    ("2028-11-06", 5),  # Saturday 11 November
    ("2028-12-25", 4),  # Monday
]


@pytest.mark.parametrize(("monday", "worked"), WEEKS)
def test_the_week_of_a_holiday(monday, worked):
    start = dt.date.fromisoformat(monday)
    assert start.weekday() == 0
    assert working_days(start, start + dt.timedelta(days=7)) == worked


def test_from_a_sunday_to_the_first_live_milestone():
    start, end = dt.date(2026, 11, 22), dt.date(2027, 6, 9)
    assert (end - start).days == 199
    assert working_days(start, end) == 137


@pytest.mark.parametrize(
    ("start", "end", "count"),
    [
        ("2026-11-20", "2026-11-21", 1),  # the first day counts
        ("2026-11-20", "2026-11-23", 1),  # a Friday and its weekend
        ("2026-11-22", "2026-11-23", 0),  # a Sunday alone
        ("2026-11-22", "2026-11-24", 1),  # the last day does not count
    ],
)
def test_the_first_day_counts_and_the_last_does_not(start, end, count):
    assert working_days(dt.date.fromisoformat(start), dt.date.fromisoformat(end)) == count
