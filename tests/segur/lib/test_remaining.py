"""How long is left, as people count it."""

import datetime as dt

import pytest

from segur.lib.remaining import Meaning, time_left

DUE = dt.datetime(2027, 6, 9, 10, tzinfo=dt.UTC)  # Wednesday 9 June, 12h in Paris


def z(text):
    return dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("now", "phrase", "meaning"),
    [
        ("2026-11-22T19:00:00", "199 jours, dont 137 ouvrés", Meaning.TO_COME),
        ("2027-06-01T21:59:59", "8 jours, dont 6 ouvrés", Meaning.TO_COME),
        ("2027-06-01T22:00:00", "7 jours, dont 5 ouvrés", Meaning.SOON),  # the 2nd, in Paris
        ("2027-06-05T08:00:00", "4 jours, dont 2 ouvrés", Meaning.SOON),
        ("2027-06-07T08:00:00", "2 jours, dont 2 ouvrés", Meaning.SOON),
        ("2027-06-08T21:59:59", "1 jour, dont 1 ouvré", Meaning.SOON),
        ("2027-06-08T22:00:00", "12 h 00 min", Meaning.SOON),  # midnight in Paris
        ("2027-06-09T07:45:00", "2 h 15 min", Meaning.SOON),
        ("2027-06-09T09:00:00", "1 h 00 min", Meaning.SOON),
        ("2027-06-09T09:00:01", "59 min", Meaning.SOON),
        ("2027-06-09T09:45:00", "15 min", Meaning.SOON),
        ("2027-06-09T09:59:00", "1 min", Meaning.SOON),
        ("2027-06-09T09:59:01", "moins d'une minute", Meaning.SOON),
        ("2027-06-09T09:59:59", "moins d'une minute", Meaning.SOON),
        ("2027-06-09T10:00:00", "échéance passée aujourd'hui", Meaning.LATE),
        ("2027-06-09T21:59:59", "échéance passée aujourd'hui", Meaning.LATE),
        ("2027-06-09T22:00:00", "en retard de 1 jour", Meaning.LATE),
        ("2027-06-11T10:00:00", "en retard de 2 jours", Meaning.LATE),
    ],
)
def test_the_phrase(now, phrase, meaning):
    left = time_left(DUE, z(now))
    assert left.phrase == phrase
    assert left.meaning is meaning
    assert left.overdue is (meaning is Meaning.LATE)


def test_no_working_day_left_is_shown_in_the_singular():
    monday = dt.datetime(2027, 5, 10, 10, tzinfo=dt.UTC)
    assert time_left(monday, z("2027-05-08T08:00:00")).phrase == "2 jours, dont aucun ouvré"


@pytest.mark.parametrize(
    ("now", "days", "worked"),
    [
        ("2027-06-09T12:00:00", 0, 0),
        ("2027-06-10T08:00:00", 1, 1),
        ("2027-06-12T08:00:00", 3, 2),  # Thursday, Friday, Saturday
        ("2027-06-14T08:00:00", 5, 3),
    ],
)
def test_overdue_days_leave_the_day_of_the_deadline_out(now, days, worked):
    left = time_left(DUE, z(now))
    assert (left.days, left.working_days) == (days, worked)


def test_a_naive_instant_is_refused():
    with pytest.raises(ValueError, match="naive"):
        time_left(DUE, dt.datetime(2027, 6, 1))  # noqa: DTZ001
