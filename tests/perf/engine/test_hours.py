"""Open time: at each opening and closing, just before and just after, and at the ends of what is
computed (DOMAIN §4).
"""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from perf.engine.errors import OutOfRange
from perf.engine.hours import AllTime, OpenTime
from perf.engine.instants import HOUR, MINUTE, to_us
from perf.engine.rules import SLIDES
from segur.lib.paris import PARIS
from tests.perf.engine.january import US, at, span
from tests.perf.engine.openings import weekly

ALL = AllTime()
FIRST = to_us(dt.datetime(2020, 1, 1, tzinfo=PARIS))
LAST = to_us(dt.datetime(2041, 1, 1, tzinfo=PARIS))
LAST_CLOSING = to_us(dt.datetime(2040, 12, 31, 19, tzinfo=PARIS))

ELAPSED = [
    ("15 09:00", "15 19:00", 10 * HOUR),
    ("15 08:59:59.999999", "15 19:00:00.000001", 10 * HOUR),
    ("15 09:00:00.000001", "15 18:59:59.999999", 10 * HOUR - 2 * US),
    ("15 08:00", "15 09:00", 0),
    ("15 08:00", "15 09:00:00.000001", US),
    ("15 18:59:59.999999", "15 23:00", US),
    ("15 19:00", "16 09:00", 0),
    ("15 18:00", "16 09:30", HOUR + 30 * MINUTE),
    ("16 09:00", "16 13:00", 4 * HOUR),
    ("16 13:00", "18 09:00", 0),
    ("15 18:00", "18 10:00", 6 * HOUR),
    ("1 09:00", "1 19:00", 0),
    ("15 10:00", "15 10:00", 0),
    ("15 12:00", "15 10:00", 0),
]


@pytest.mark.parametrize(("start", "end", "expected"), ELAPSED)
def test_open_time_between_two_instants(start, end, expected):
    assert SLIDES.open_time.elapsed(*span(start, end)) == expected


def test_the_open_time_of_several_is_the_sum_of_each():
    found = [
        *("13 08:00", "13 09:00", "13 10:00", "13 12:00", "13 18:30", "14 09:15"),
        *("14 19:00", "14 20:00", "15 08:00", "15 10:00", "15 18:59", "16 09:00"),
        *("16 13:00", "18 09:00", "18 09:00", "18 19:00"),
    ]
    spans = [span(start, end) for start, end in zip(found[::2], found[1::2], strict=True)]
    assert SLIDES.open_time.total(*zip(*spans, strict=True)) == sum(
        SLIDES.open_time.elapsed(*one) for one in spans
    )
    for one in spans:
        assert SLIDES.open_time.total([one.start], [one.end]) == SLIDES.open_time.elapsed(*one)
    assert SLIDES.open_time.total([], []) == 0


@pytest.mark.parametrize(
    ("start", "budget", "expected"),
    [
        ("15 10:00", 0, "15 10:00"),
        ("15 22:00", 0, "15 22:00"),
        ("15 10:00", -HOUR, "15 10:00"),
        ("15 10:00", US, "15 10:00:00.000001"),
        ("15 10:00", HOUR, "15 11:00"),
        ("15 18:00", HOUR - US, "15 18:59:59.999999"),
        ("15 18:00", HOUR, "15 19:00"),
        ("15 18:00", HOUR + US, "16 09:00:00.000001"),
        ("15 19:00", US, "16 09:00:00.000001"),
        ("15 22:00", HOUR, "16 10:00"),
        ("15 18:00", 5 * HOUR, "16 13:00"),
        ("15 18:00", 6 * HOUR, "18 10:00"),
    ],
)
def test_when_a_budget_of_open_time_is_used_up(start, budget, expected):
    day, clock = start.split()
    last, end = expected.split()
    assert SLIDES.open_time.after(at(int(day), clock), budget) == at(int(last), end)


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        ("15 12:00", "15 13:00", [("15 12:00", "15 13:00")]),
        ("15 08:00", "15 20:00", [("15 09:00", "15 19:00")]),
        ("15 18:00", "16 10:00", [("15 18:00", "15 19:00"), ("16 09:00", "16 10:00")]),
        ("15 19:00", "16 09:00", []),
        ("15 18:59:59.999999", "16 09:00", [("15 18:59:59.999999", "15 19:00")]),
        ("15 19:00", "16 09:00:00.000001", [("16 09:00", "16 09:00:00.000001")]),
    ],
)
def test_the_open_parts(start, end, expected):
    assert SLIDES.open_time.slices(*span(start, end)) == [span(*part) for part in expected]


def test_the_computed_years_begin_and_end_at_midnight_in_paris():
    assert (SLIDES.open_time.first, SLIDES.open_time.last) == (FIRST, LAST)
    for instant in (FIRST, LAST):
        SLIDES.open_time.check(instant)
        assert SLIDES.open_time.elapsed(instant, instant) == 0
        assert SLIDES.open_time.slices(instant, instant) == []
        assert SLIDES.open_time.after(instant, 0) == instant


def test_the_first_year_is_counted_from_its_first_midnight():
    friday = to_us(dt.datetime(2020, 1, 3, 10, tzinfo=PARIS))
    assert SLIDES.open_time.elapsed(FIRST, friday) == 11 * HOUR
    assert SLIDES.open_time.total([FIRST], [friday]) == 11 * HOUR
    assert SLIDES.open_time.slices(FIRST, friday)[0].start == friday - 25 * HOUR


def test_the_last_year_is_counted_to_its_last_midnight():
    thursday = to_us(dt.datetime(2040, 12, 27, 12, tzinfo=PARIS))
    assert SLIDES.open_time.elapsed(thursday, LAST) == (7 + 10 + 4 + 10) * HOUR
    assert SLIDES.open_time.total([thursday], [LAST]) == (7 + 10 + 4 + 10) * HOUR
    assert SLIDES.open_time.slices(thursday, LAST)[-1].end == LAST_CLOSING


@pytest.mark.parametrize("outside", [FIRST - US, LAST + US])
def test_outside_them_nothing_is_counted(outside):
    inside = at(15)
    first, last = sorted((inside, outside))
    for ask in (
        lambda: SLIDES.open_time.check(outside),
        lambda: SLIDES.open_time.elapsed(first, last),
        lambda: SLIDES.open_time.elapsed(last, first),
        lambda: SLIDES.open_time.slices(first, last),
        lambda: SLIDES.open_time.total([first], [last]),
        lambda: SLIDES.open_time.total([first, at(16)], [at(15), max(last, at(17))]),
        lambda: SLIDES.open_time.after(outside, 0),
        lambda: SLIDES.open_time.after(outside, HOUR),
    ):
        with pytest.raises(OutOfRange):
            ask()


def test_a_budget_may_use_up_the_last_open_microsecond_and_no_more():
    left = SLIDES.open_time.elapsed(at(15), LAST)
    assert SLIDES.open_time.after(at(15), left) == LAST_CLOSING
    with pytest.raises(OutOfRange, match="open time runs out after 2040-12-31T23:00:00"):
        SLIDES.open_time.after(at(15), left + US)


def test_the_last_window_counts_to_its_closing():
    morning = to_us(dt.datetime(2040, 12, 31, 10, tzinfo=PARIS))
    assert SLIDES.open_time.total([morning], [LAST]) == 9 * HOUR
    assert SLIDES.open_time.total([LAST_CLOSING], [LAST]) == 0


def test_hours_of_every_day_count_from_the_first_day_to_the_last():
    day = ((dt.time(0), dt.time(0)),)
    clock = OpenTime(weekly(dict.fromkeys(range(7), day)), 2027, 2027)
    assert clock.elapsed(clock.first, clock.last) == 365 * 24 * HOUR
    assert clock.after(clock.last - HOUR, HOUR) == clock.last
    with pytest.raises(OutOfRange):
        clock.after(clock.last - HOUR, HOUR + US)


def test_a_window_may_end_at_the_midnight_that_ends_its_day():
    evening = weekly({4: ((dt.time(20), dt.time(0)),)})
    clock = OpenTime(evening, 2027, 2027)
    assert clock.slices(*span("15 00:00", "17 00:00")) == [span("15 20:00", "16 00:00")]
    assert clock.first == to_us(dt.datetime(2027, 1, 1, tzinfo=PARIS))
    assert clock.last == to_us(dt.datetime(2028, 1, 1, tzinfo=PARIS))


def test_windows_and_years_are_those_of_the_zone_of_the_hours():
    reunion = ZoneInfo("Indian/Reunion")
    morning = weekly({4: ((dt.time(8), dt.time(10)),)}, reunion)
    clock = OpenTime(morning, 2027, 2027)
    friday = dt.datetime(2027, 1, 15, 8, tzinfo=reunion)
    assert clock.slices(at(14), at(16)) == [(to_us(friday), to_us(friday) + 2 * HOUR)]
    assert clock.first == to_us(dt.datetime(2027, 1, 1, tzinfo=reunion))
    assert clock.last == to_us(dt.datetime(2028, 1, 1, tzinfo=reunion))


def test_a_holiday_closes_the_whole_day():
    hours = SLIDES.open_time.hours
    assert hours.holiday(dt.date(2027, 1, 1)) == "Jour de l'an"
    assert hours.holiday(dt.date(2027, 1, 2)) == ""
    assert hours.windows(dt.date(2027, 1, 1)) == ()
    assert hours.windows(dt.date(2027, 1, 3)) == ()


@pytest.mark.parametrize(
    ("start", "end", "expected"), [(10, 15, 5), (10, 10, 0), (15, 10, 0), (-5, 5, 10)]
)
def test_the_continuous_base_counts_everything(start, end, expected):
    assert ALL.elapsed(start, end) == expected


def test_the_continuous_base_uses_up_a_budget_at_once():
    assert [ALL.after(10, budget) for budget in (-1, 0, 1)] == [10, 10, 11]
    assert ALL.total([0, 10], [5, 30]) == 25
