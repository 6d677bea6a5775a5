"""Each part of each outage, with its reason."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from perf.engine.explain import Claim, Part, Why, explain, explain_added
from perf.engine.hours import OpenTime
from perf.engine.instants import HOUR, Interval, to_us
from perf.engine.rules import SLIDES
from tests.perf.engine.january import MONTH, at, span
from tests.perf.engine.openings import weekly

OPEN = SLIDES.open_time
COUNTED, CLOSED, MERGED, OUTSIDE = Why.COUNTED, Why.CLOSED, Why.MERGED, Why.OUTSIDE


def part(start, end, why=COUNTED, note=""):
    found = span(start, end)
    return Part(found.start, found.end, why, note)


def explained(*claims, period=MONTH, open_time=None):
    return explain(
        [Claim(name, span(*ends)) for name, *ends in claims], period=period, open_time=open_time
    )


def test_a_week_end_is_reported_day_by_day():
    (parts,) = explained(("A", "15 18:00", "18 10:00"), open_time=OPEN)
    assert parts == [
        part("15 18:00", "15 19:00"),
        part("15 19:00", "16 09:00", CLOSED),
        part("16 09:00", "16 13:00"),
        part("16 13:00", "17 00:00", CLOSED),
        part("17 00:00", "18 00:00", Why.CLOSED_DAY, "dimanche"),
        part("18 00:00", "18 09:00", CLOSED),
        part("18 09:00", "18 10:00"),
    ]
    assert parts[0].length == HOUR


def test_a_holiday_is_named():
    (parts,) = explained(("A", "1 08:00", "2 10:00"), open_time=OPEN)
    assert parts == [
        part("1 08:00", "2 00:00", Why.HOLIDAY, "Jour de l'an"),
        part("2 00:00", "2 09:00", CLOSED),
        part("2 09:00", "2 10:00"),
    ]


def test_each_closed_day_is_named():
    never = OpenTime(weekly({}), 2027, 2027)
    (parts,) = explained(("A", "11 00:00", "18 00:00"), open_time=never)
    days = "lundi mardi mercredi jeudi vendredi samedi dimanche"
    assert " ".join(one.note for one in parts) == days
    assert {(one.why, one.length) for one in parts} == {(Why.CLOSED_DAY, 24 * HOUR)}


PERIOD = span("10 00:00", "20 00:00")


@pytest.mark.parametrize(
    ("ends", "expected"),
    [
        (("12 10:00", "12 11:00"), [part("12 10:00", "12 11:00")]),
        (("10 00:00", "20 00:00"), [part("10 00:00", "20 00:00")]),
        (("8 00:00", "9 00:00"), [part("8 00:00", "9 00:00", OUTSIDE)]),
        (("9 00:00", "10 00:00"), [part("9 00:00", "10 00:00", OUTSIDE)]),
        (("20 00:00", "21 00:00"), [part("20 00:00", "21 00:00", OUTSIDE)]),
        (("21 00:00", "22 00:00"), [part("21 00:00", "22 00:00", OUTSIDE)]),
        (
            ("9 00:00", "21 00:00"),
            [
                part("9 00:00", "10 00:00", OUTSIDE),
                part("10 00:00", "20 00:00"),
                part("20 00:00", "21 00:00", OUTSIDE),
            ],
        ),
        (("12 10:00", "12 10:00"), []),
        (("8 00:00", "8 00:00"), []),
        (("22 00:00", "22 00:00"), []),
        (("12 11:00", "12 10:00"), []),
    ],
)
def test_what_lies_outside_the_period_is_reported(ends, expected):
    assert explained(("A", *ends), period=PERIOD) == [expected]


def test_before_the_period_no_outage_counts_for_another():
    _, over_at_its_start = explained(
        ("A", "9 00:00", "12 00:00"), ("B", "9 12:00", "10 00:00"), period=PERIOD
    )
    assert over_at_its_start == [part("9 12:00", "10 00:00", OUTSIDE)]
    _, going_on = explained(
        ("A", "8 00:00", "9 00:00"), ("B", "8 12:00", "12 00:00"), period=PERIOD
    )
    assert going_on == [part("8 12:00", "10 00:00", OUTSIDE), part("10 00:00", "12 00:00")]
    _, begun_before = explained(
        ("A", "8 00:00", "10 00:00"), ("B", "9 00:00", "12 00:00"), period=PERIOD
    )
    assert begun_before == [part("9 00:00", "10 00:00", OUTSIDE), part("10 00:00", "12 00:00")]


def test_after_the_period_no_outage_counts_for_another():
    *_, last = explained(
        ("A", "11 00:00", "20 00:00"),
        ("B", "12 00:00", "25 00:00"),
        ("C", "13 00:00", "22 00:00"),
        period=PERIOD,
    )
    assert last == [
        part("13 00:00", "20 00:00", MERGED, "A"),
        part("20 00:00", "22 00:00", OUTSIDE),
    ]


def test_of_two_that_overlap_the_one_that_starts_first_counts():
    second, first = explained(("B", "12 11:00", "12 13:00"), ("A", "12 10:00", "12 12:00"))
    assert first == [part("12 10:00", "12 12:00")]
    assert second == [part("12 11:00", "12 12:00", MERGED, "A"), part("12 12:00", "12 13:00")]


def test_of_two_of_the_same_instants_the_one_given_first_counts():
    first, second = explained(("A", "12 10:00", "12 12:00"), ("B", "12 10:00", "12 12:00"))
    assert first == [part("12 10:00", "12 12:00")]
    assert second == [part("12 10:00", "12 12:00", MERGED, "A")]


def test_two_that_touch_count_both():
    assert explained(("A", "12 10:00", "12 11:00"), ("B", "12 11:00", "12 12:00")) == [
        [part("12 10:00", "12 11:00")],
        [part("12 11:00", "12 12:00")],
    ]


def test_one_that_holds_others_counts_for_them():
    around, *inside = explained(
        ("A", "12 09:00", "12 14:00"),
        ("B", "12 10:00", "12 11:00"),
        ("C", "12 12:00", "12 13:00"),
    )
    assert around == [part("12 09:00", "12 14:00")]
    assert inside == [
        [part("12 10:00", "12 11:00", MERGED, "A")],
        [part("12 12:00", "12 13:00", MERGED, "A")],
    ]


def test_each_part_that_counts_already_names_the_outage_that_counts_it():
    *_, last = explained(
        ("A", "12 10:00", "12 12:00"),
        ("B", "12 11:00", "12 14:00"),
        ("C", "12 11:30", "12 15:00"),
    )
    assert last == [
        part("12 11:30", "12 12:00", MERGED, "A"),
        part("12 12:00", "12 14:00", MERGED, "B"),
        part("12 14:00", "12 15:00"),
    ]


def test_one_that_is_over_takes_nothing_from_a_later_one():
    *_, last = explained(
        ("A", "12 10:00", "12 18:00"),
        ("B", "12 11:00", "12 12:00"),
        ("C", "12 17:00", "12 19:00"),
    )
    assert last == [part("12 17:00", "12 18:00", MERGED, "A"), part("12 18:00", "12 19:00")]


def test_what_is_left_out_says_why_and_takes_nothing_from_the_others():
    aside = Claim("A", span("12 10:00", "12 12:00"), Why.NOT_RETAINED)
    counted = Claim("B", span("12 11:00", "12 13:00"))
    assert explain([aside, counted], period=MONTH, open_time=None) == [
        [part("12 10:00", "12 12:00", Why.NOT_RETAINED)],
        [part("12 11:00", "12 13:00")],
    ]


def test_something_added_counts_only_where_nothing_counted_before():
    others = [span("12 08:00", "12 10:30"), span("12 11:00", "12 12:00")]
    claim = Claim("arrêt", span("12 10:00", "12 20:00"))
    parts = explain_added(claim, others, period=MONTH, open_time=OPEN, name="les pannes")
    assert parts == [
        part("12 10:00", "12 10:30", MERGED, "les pannes"),
        part("12 10:30", "12 11:00"),
        part("12 11:00", "12 12:00", MERGED, "les pannes"),
        part("12 12:00", "12 19:00"),
        part("12 19:00", "12 20:00", CLOSED),
    ]


def test_a_day_of_the_change_of_the_clock_ends_at_its_own_midnight():
    never = OpenTime(weekly({}), 2027, 2027)
    start = at(1) + 86 * 24 * HOUR  # Sunday 28 March, of 23 hours
    claim = Claim("A", Interval(start, start + 47 * HOUR))
    year = Interval(never.first, never.last)
    (parts,) = explain([claim], period=year, open_time=never)
    assert dt.date(2027, 3, 28).weekday() == 6
    assert [(one.note, one.length) for one in parts] == [
        ("dimanche", 23 * HOUR),
        ("lundi", 24 * HOUR),
    ]


def test_a_closed_day_is_that_of_the_zone_of_the_hours():
    reunion = ZoneInfo("Indian/Reunion")
    never = OpenTime(weekly({}, reunion), 2027, 2027)
    first = dt.datetime(2027, 1, 11, tzinfo=reunion)
    start, hour = to_us(first), dt.timedelta(hours=1)
    claim = Claim("A", Interval(start, to_us(first + 30 * hour)))
    (parts,) = explain([claim], period=MONTH, open_time=never)
    assert [(one.note, one.length) for one in parts] == [("lundi", 24 * HOUR), ("mardi", 6 * HOUR)]
