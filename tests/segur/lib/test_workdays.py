import datetime as dt

import pytest

from segur.lib.national_holidays import national_holidays
from segur.lib.workdays import (
    days_before,
    is_working_day,
    this_or_next_working_day,
    this_or_previous_working_day,
    working_days,
)

D = dt.date
EASTER_MONDAYS = {2025: D(2025, 4, 21), 2026: D(2026, 4, 6), 2027: D(2027, 3, 29)}
EASTER_MONDAYS |= {2028: D(2028, 4, 17)}
FIXED = ((1, 1), (5, 1), (5, 8), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25))


def official(year):
    """Article L3133-1, written out again: eight fixed days and three that follow Easter."""
    easter_monday = EASTER_MONDAYS[year]
    movable = (easter_monday + dt.timedelta(days=n) for n in (0, 38, 49))
    return {D(year, *day) for day in FIXED} | set(movable)


@pytest.mark.parametrize("year", EASTER_MONDAYS)
def test_the_eleven_holidays_of_the_law(year):
    assert set(national_holidays(year)) == official(year)
    assert len(official(year)) == 11


@pytest.mark.parametrize("year", range(2025, 2036))
def test_eleven_holidays_until_2035(year):
    """Eleven names; eleven days too, unless Ascension falls on the 1st or the 8th of May."""
    assert len(national_holidays(year)) == 11


@pytest.mark.parametrize("holiday", [day for year in EASTER_MONDAYS for day in official(year)])
def test_around_each_holiday(holiday):
    assert not is_working_day(holiday)
    before, after = this_or_previous_working_day(holiday), this_or_next_working_day(holiday)
    assert before < holiday < after
    assert is_working_day(before)
    assert is_working_day(after)
    assert working_days(before, after) == 1
    assert working_days(before + dt.timedelta(days=1), after) == 0


@pytest.mark.parametrize(
    ("day", "previous", "following"),
    [
        (D(2026, 11, 22), D(2026, 11, 20), D(2026, 11, 23)),  # a Sunday
        (D(2026, 11, 21), D(2026, 11, 20), D(2026, 11, 23)),  # a Saturday
        (D(2027, 3, 29), D(2027, 3, 26), D(2027, 3, 30)),  # Easter Monday, after its weekend
        (D(2027, 5, 8), D(2027, 5, 7), D(2027, 5, 10)),  # a holiday on a Saturday
        (D(2026, 11, 11), D(2026, 11, 10), D(2026, 11, 12)),  # a holiday on a Wednesday
        (D(2027, 1, 1), D(2026, 12, 31), D(2027, 1, 4)),  # across the year
        (D(2027, 6, 9), D(2027, 6, 9), D(2027, 6, 9)),  # a working day is itself
    ],
)
def test_shift_to_a_working_day(day, previous, following):
    assert this_or_previous_working_day(day) == previous
    assert this_or_next_working_day(day) == following


@pytest.mark.parametrize(
    ("start", "end", "count"),
    [
        (D(2027, 6, 9), D(2027, 6, 9), 0),
        (D(2027, 6, 4), D(2027, 6, 9), 3),  # Friday, Monday, Tuesday
        (D(2026, 11, 22), D(2027, 6, 9), 137),  # 199 days, as LOOK's example says
        (D(2026, 12, 24), D(2027, 1, 2), 5),
    ],
)
def test_working_days_are_half_open(start, end, count):
    assert working_days(start, end) == count


def test_working_days_refuse_an_end_before_the_start():
    with pytest.raises(ValueError, match="is before"):
        working_days(D(2027, 6, 9), D(2027, 6, 8))


@pytest.mark.parametrize(
    ("day", "count", "found"),
    [
        ("2027-02-10", 0, "2027-02-10"),
        ("2027-02-14", 0, "2027-02-12"),
        ("2027-02-14", 1, "2027-02-12"),
        ("2027-02-15", 1, "2027-02-12"),
        ("2027-02-10", 10, "2027-01-27"),
    ],
)
def test_days_before(day, count, found):
    assert days_before(D.fromisoformat(day), count).isoformat() == found
