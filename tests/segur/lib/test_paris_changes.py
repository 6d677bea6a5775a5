"""Paris time on the two days of the year when an hour is missing or comes twice."""

import datetime as dt

import pytest

from segur.lib import paris


def z(text):
    return dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("instant", "shown"),
    [
        ("2027-03-28T00:59:59", "28/03/2027 1h59min59s"),
        ("2027-03-28T01:00:00", "28/03/2027 3h"),
        ("2026-10-25T00:30:00", "25/10/2026 2h30, heure d'été"),
        ("2026-10-25T01:30:00", "25/10/2026 2h30, heure d'hiver"),
        ("2026-10-25T02:00:00", "25/10/2026 3h"),
    ],
)
def test_the_clock_around_a_change(instant, shown):
    assert paris.short(z(instant)) == shown


@pytest.mark.parametrize(
    ("day", "hours"),
    [(dt.date(2027, 3, 28), 23), (dt.date(2026, 10, 25), 25), (dt.date(2027, 6, 9), 24)],
)
def test_how_long_a_paris_day_is(day, hours):
    start, end = (paris.at(d, dt.time(0)) for d in (day, day + dt.timedelta(days=1)))
    assert end - start == dt.timedelta(hours=hours)


@pytest.mark.parametrize(
    ("instant", "day"),
    [
        ("2027-06-30T21:59:59", "2027-06-30"),
        ("2027-06-30T22:00:00", "2027-07-01"),
        ("2026-12-31T22:59:59", "2026-12-31"),
        ("2026-12-31T23:00:00", "2027-01-01"),
        ("2027-03-27T23:00:00", "2027-03-28"),
        ("2027-03-28T22:00:00", "2027-03-29"),
    ],
)
def test_the_evening_in_utc_is_the_next_day_in_paris(instant, day):
    assert paris.day(z(instant)).isoformat() == day


def test_an_instant_of_another_zone_reads_on_the_paris_clock():
    tokyo = dt.datetime(2027, 6, 9, 19, tzinfo=dt.timezone(dt.timedelta(hours=9)))
    assert paris.long(tokyo) == "mercredi 9 juin 2027 à 12h (heure de Paris)"


@pytest.mark.parametrize(
    ("day", "text"),
    [
        ("2027-01-01", "vendredi 1er janvier 2027"),
        ("2027-02-01", "lundi 1er février 2027"),
        ("2027-08-11", "mercredi 11 août 2027"),
        ("2027-12-31", "vendredi 31 décembre 2027"),
        ("2027-11-21", "dimanche 21 novembre 2027"),
    ],
)
def test_a_day_in_full(day, text):
    assert paris.long_day(dt.date.fromisoformat(day)) == text


def test_a_fraction_of_a_second_never_rounds_up_to_noon():
    instant = dt.datetime(2027, 6, 9, 9, 59, 59, 999_999, tzinfo=dt.UTC)
    assert paris.stamp(instant) == "09/06/2027 à 11h59min59s (heure de Paris)"
    assert paris.clock(instant) == "11h59min59s"
