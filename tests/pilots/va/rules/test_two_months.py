"""The two months of DOMAIN §6: examples, month ends, leap years, time changes, holidays."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pilots.va.rules.two_months import STEPS, clock
from segur.lib import paris

EXAMPLES = [
    # notified on, last day, next working day
    ("2026-11-20", "2027-01-20", "2027-01-20"),
    ("2026-12-28", "2027-02-28", "2027-03-01"),  # a Sunday
    ("2026-12-29", "2027-02-28", "2027-03-01"),
    ("2026-12-30", "2027-02-28", "2027-03-01"),
    ("2026-12-31", "2027-02-28", "2027-03-01"),
    ("2027-12-29", "2028-02-29", "2028-02-29"),
    ("2027-12-31", "2028-02-29", "2028-02-29"),
    ("2027-07-15", "2027-09-15", "2027-09-15"),
    ("2027-07-01", "2027-09-01", "2027-09-01"),
    ("2027-03-31", "2027-05-31", "2027-05-31"),
    ("2027-04-30", "2027-06-30", "2027-06-30"),  # not the 30th because April ends: same number
    ("2027-08-31", "2027-10-31", "2027-11-02"),  # Sunday, then Toussaint
    ("2027-03-01", "2027-05-01", "2027-05-03"),  # a Saturday, and a holiday
    ("2027-03-17", "2027-05-17", "2027-05-18"),  # lundi de Pentecôte
    ("2027-05-14", "2027-07-14", "2027-07-15"),
    ("2026-10-25", "2026-12-25", "2026-12-28"),  # Christmas on a Friday
    ("2027-11-30", "2028-01-30", "2028-01-31"),
]


@pytest.mark.parametrize(("notified", "last", "working"), EXAMPLES)
def test_same_day_number_else_last_of_month(notified, last, working):
    found = clock(dt.date.fromisoformat(notified))
    assert found.last_day == dt.date.fromisoformat(last)
    assert found.next_working_day == dt.date.fromisoformat(working)
    assert paris.day(found.due_at - dt.timedelta(microseconds=1)) == found.last_day
    assert paris.local(found.due_at).time() == dt.time(0)


@pytest.mark.parametrize(
    ("instant", "last", "due"),
    [
        ("2027-06-30T22:30:00+00:00", "2027-09-01", "2027-09-01T22:00:00+00:00"),
        ("2027-06-30T21:59:59+00:00", "2027-08-30", "2027-08-30T22:00:00+00:00"),
        ("2026-11-20T23:30:00+00:00", "2027-01-21", "2027-01-21T23:00:00+00:00"),
        ("2027-01-28T10:00:00+00:00", "2027-03-28", "2027-03-28T22:00:00+00:00"),  # 23 h long
        ("2027-08-31T10:00:00+00:00", "2027-10-31", "2027-10-31T23:00:00+00:00"),  # 25 h long
    ],
)
def test_the_day_is_that_of_paris_to_its_end(instant, last, due):
    found = clock(paris.day(dt.datetime.fromisoformat(instant)))
    assert found.last_day == dt.date.fromisoformat(last)
    assert found.due_at == dt.datetime.fromisoformat(due)


@pytest.mark.parametrize(
    ("validated", "late"),
    [("2027-01-19", 0), ("2027-01-20", 0), ("2027-01-21", 1), ("2027-02-20", 31)],
)
def test_late_by_days_after_the_last(validated, late):
    assert clock(dt.date(2026, 11, 20)).late_days(dt.date.fromisoformat(validated)) == late


def test_a_holiday_never_moves_the_deadline():
    assert clock(dt.date(2027, 3, 1)).last_day == dt.date(2027, 5, 1)


@given(st.dates(dt.date(2026, 1, 1), dt.date(2035, 12, 31)), st.integers(0, 400))
def test_a_later_notification_never_ends_earlier(day, more):
    assert clock(day).last_day <= clock(day + dt.timedelta(days=more)).last_day


def test_the_rule_is_shown_with_its_months_and_its_day():
    assert clock(dt.date(2026, 11, 20), months=3).rule.startswith(
        "3 mois à compter de la notification du 20/11/2026 : même quantième"
    )


def test_the_fournisseur_is_reminded_four_times_before_the_end():
    assert " ".join(f"J-{days}" for days in STEPS) == "J-30 J-14 J-7 J-2"
