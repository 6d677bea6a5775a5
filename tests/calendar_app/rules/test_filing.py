"""«avant le … à 12h»: strict, on the Paris clock, in summer and in winter (DOMAIN §2)."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from calendar_app.rules.filing import is_in_time

PARIS = ZoneInfo("Europe/Paris")
SUMMER = dt.datetime(2027, 6, 9, 10, tzinfo=dt.UTC)
WINTER = dt.datetime(2027, 12, 15, 11, tzinfo=dt.UTC)

CASES = [  # the Paris clock, in time by default, in time when noon exactly is
    (dt.time(11, 59, 59), True, True),
    (dt.time(11, 59, 59, 999_999), True, True),
    (dt.time(12, 0, 0), False, True),
    (dt.time(12, 0, 0, 1), False, False),
    (dt.time(12, 30), False, False),
    (dt.time(0, 1), True, True),
]


@pytest.mark.parametrize("due_at", [SUMMER, WINTER], ids=["summer", "winter"])
@pytest.mark.parametrize(("clock", "strict", "noon_counts"), CASES)
@pytest.mark.parametrize("zone", [PARIS, dt.UTC], ids=["paris", "utc"])
def test_in_time_or_late(due_at, clock, strict, noon_counts, zone):
    day = due_at.astimezone(PARIS).date()
    instant = dt.datetime.combine(day, clock, PARIS).astimezone(zone)
    assert is_in_time(instant, due_at) is strict
    assert is_in_time(instant, due_at, exact_is_in_time=True) is noon_counts


def test_the_day_before_and_the_day_after():
    assert is_in_time(SUMMER - dt.timedelta(days=1), SUMMER)
    assert not is_in_time(SUMMER + dt.timedelta(days=1), SUMMER, exact_is_in_time=True)
