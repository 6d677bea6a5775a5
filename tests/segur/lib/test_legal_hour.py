"""A legal day and hour, on the Paris clock, made an instant."""

import datetime as dt

import pytest

from segur.lib.legal_hour import paris_instant


@pytest.mark.parametrize(
    ("day", "clock", "utc"),
    [
        (dt.date(2026, 11, 10), dt.time(12), "2026-11-10T11:00:00+00:00"),
        (dt.date(2027, 6, 9), dt.time(12), "2027-06-09T10:00:00+00:00"),
        (dt.date(2027, 12, 15), dt.time(12), "2027-12-15T11:00:00+00:00"),
        (dt.date(2027, 6, 9), dt.time(0, 1), "2027-06-08T22:01:00+00:00"),
        (dt.date(2027, 3, 28), dt.time(1, 59), "2027-03-28T00:59:00+00:00"),
        (dt.date(2027, 3, 28), dt.time(3), "2027-03-28T01:00:00+00:00"),
        (dt.date(2027, 10, 31), dt.time(1, 59), "2027-10-30T23:59:00+00:00"),
        (dt.date(2027, 10, 31), dt.time(3), "2027-10-31T02:00:00+00:00"),
    ],
)
def test_instant(day, clock, utc):
    assert paris_instant(day, clock).isoformat() == utc


@pytest.mark.parametrize(
    ("day", "clock", "sentence"),
    [
        (dt.date(2027, 6, 9), dt.time(0), "00:00 se lit comme la veille au soir"),
        (dt.date(2027, 6, 9), dt.time(0, 0, 0, 1), "00:00 se lit comme la veille au soir"),
        (dt.date(2027, 6, 9), dt.time(0, 0, 59), "00:00 se lit comme la veille au soir"),
        (dt.date(2027, 3, 28), dt.time(2), "n'existe pas"),
        (dt.date(2027, 3, 28), dt.time(2, 59, 59), "n'existe pas"),
        (dt.date(2027, 10, 31), dt.time(2), "existe deux fois"),
        (dt.date(2027, 10, 31), dt.time(2, 59, 59), "existe deux fois"),
    ],
)
def test_refusal(day, clock, sentence):
    with pytest.raises(ValueError, match=sentence):
        paris_instant(day, clock)
