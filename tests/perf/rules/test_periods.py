"""Observation periods, boundary by boundary (LESSONS 40: «Report off by one month»)."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perf.enums import Period
from perf.rules.periods import containing
from segur.lib import paris

SECOND = dt.timedelta(seconds=1)


def local(period):
    return paris.local(period.start).date(), paris.local(period.end).date()


@pytest.mark.parametrize(
    ("instant", "kind", "label", "first", "after"),
    [
        ("2027-03-15T12:00+01:00", Period.MONTH, "mars 2027", "2027-03-01", "2027-04-01"),
        ("2027-03-01T00:00+01:00", Period.MONTH, "mars 2027", "2027-03-01", "2027-04-01"),
        ("2027-02-28T23:59:59+01:00", Period.MONTH, "février 2027", "2027-02-01", "2027-03-01"),
        ("2027-06-30T22:00+00:00", Period.MONTH, "juillet 2027", "2027-07-01", "2027-08-01"),
        ("2027-06-30T21:59:59+00:00", Period.MONTH, "juin 2027", "2027-06-01", "2027-07-01"),
        ("2026-12-31T23:00+00:00", Period.YEAR, "année 2027", "2027-01-01", "2028-01-01"),
        ("2026-12-31T22:59:59+00:00", Period.YEAR, "année 2026", "2026-01-01", "2027-01-01"),
        ("2028-02-29T12:00+01:00", Period.MONTH, "février 2028", "2028-02-01", "2028-03-01"),
        (
            "2027-03-31T21:59+00:00",
            Period.QUARTER,
            "1er trimestre 2027",
            "2027-01-01",
            "2027-04-01",
        ),
        ("2027-03-31T22:00+00:00", Period.QUARTER, "2e trimestre 2027", "2027-04-01", "2027-07-01"),
        ("2027-12-31T12:00+01:00", Period.QUARTER, "4e trimestre 2027", "2027-10-01", "2028-01-01"),
        ("2027-06-30T12:00+02:00", Period.HALF, "1er semestre 2027", "2027-01-01", "2027-07-01"),
        ("2027-07-01T00:00+02:00", Period.HALF, "2e semestre 2027", "2027-07-01", "2028-01-01"),
    ],
)
def test_the_period_of_an_instant(instant, kind, label, first, after):
    found = containing(dt.datetime.fromisoformat(instant), kind)
    assert found.label == label
    assert [day.isoformat() for day in local(found)] == [first, after]
    assert {paris.local(end).time() for end in (found.start, found.end)} == {dt.time(0)}


@pytest.mark.parametrize(
    ("day", "kind", "hours"),
    [
        (dt.date(2027, 3, 1), Period.MONTH, 31 * 24 - 1),
        (dt.date(2027, 10, 1), Period.MONTH, 31 * 24 + 1),
        (dt.date(2027, 1, 1), Period.QUARTER, 90 * 24 - 1),
        (dt.date(2027, 1, 1), Period.YEAR, 365 * 24),
    ],
)
def test_a_change_of_hour_shortens_or_lengthens_it(day, kind, hours):
    found = containing(paris.at(day, dt.time(12)), kind)
    assert found.end - found.start == dt.timedelta(hours=hours)


@given(
    st.datetimes(dt.datetime(2020, 2, 1), dt.datetime(2040, 11, 30), timezones=st.just(dt.UTC)),  # noqa: DTZ001
    st.sampled_from(Period),
)
def test_periods_follow_each_other_without_gap_or_overlap(instant, kind):
    found = containing(instant, kind)
    assert found.start <= instant < found.end
    assert (found.previous.end, found.next.start) == (found.start, found.end)
    assert found.previous.next == found.next.previous == found
    assert containing(found.end - SECOND, kind) == found


@pytest.mark.parametrize(
    ("day", "kind", "words"),
    [
        ("2026-11-20", Period.YEAR, "de l'année 2026"),
        ("2026-11-20", Period.HALF, "du 2e semestre 2026"),
        ("2026-02-20", Period.QUARTER, "du 1er trimestre 2026"),
        ("2026-03-20", Period.MONTH, "de mars 2026"),
        ("2026-04-20", Period.MONTH, "d'avril 2026"),
        ("2026-10-20", Period.MONTH, "d'octobre 2026"),
    ],
)
def test_in_a_sentence_it_has_its_article(day, kind, words):
    noon = paris.at(dt.date.fromisoformat(day), dt.time(12))
    assert containing(noon, kind).of == words
