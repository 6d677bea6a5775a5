"""Where a stop costs least, held to trying every start."""

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from perf.engine import downtime, finder, forecast
from perf.engine.instants import HOUR, MINUTE, Interval, to_us
from perf.engine.rules import SLIDES
from perf.rules.simulation import daytime
from segur.lib.paris import PARIS

# A week with Easter Monday and the change to summer time in it.
START = to_us(dt.datetime(2027, 3, 25, tzinfo=PARIS).astimezone(dt.UTC))
DAY = 24 * HOUR
OPEN = SLIDES.open_time

windows = st.tuples(st.integers(0, 6 * 24 * 60), st.integers(0, 2 * 24 * 60)).map(
    lambda p: Interval(START + p[0] * MINUTE, START + (p[0] + p[1]) * MINUTE)
)
outages = st.lists(
    st.tuples(st.integers(0, 8 * 24 * 60), st.integers(0, 24 * 60)).map(
        lambda p: Interval(START + p[0] * MINUTE, START + (p[0] + p[1]) * MINUTE)
    ),
    max_size=6,
)


def find(length, window, taken=()):
    return finder.find(length, window=window, taken=taken, clock=OPEN, friendly=daytime())


@settings(max_examples=40)
@given(st.integers(1, 30 * 60), windows, outages)
def test_it_agrees_with_trying_every_start(minutes, window, taken):
    length = minutes * MINUTE
    whole = Interval(START - DAY, START + 20 * DAY)

    def counted(found):
        return downtime.counted(found, period=whole, clock=OPEN)

    before = counted(taken)
    costs = {
        start: counted([*taken, Interval(start, start + length)]) - before
        for start in range(window.start, window.end - length + 1, MINUTE)
        if start % finder.STEP == 0
    }
    slots = find(length, window, taken)
    listed = {
        start: slot.cost
        for slot in slots
        for start in range(slot.first, slot.last + 1, finder.STEP)
    }
    assert listed == costs
    assert [slot.cost for slot in slots] == sorted(slot.cost for slot in slots)
    for slot in slots:
        own = range(slot.first, slot.last + 1, finder.STEP)
        friendliest = max(daytime().elapsed(s, s + length) for s in own)
        assert slot.best.start == next(
            s for s in own if daytime().elapsed(s, s + length) == friendliest
        )


def paris(day, hour):
    return to_us(dt.datetime(2027, 1, day, hour, tzinfo=PARIS).astimezone(dt.UTC))


def test_a_free_evening_comes_before_a_free_night_and_a_free_sunday():
    first = find(3 * HOUR, Interval(paris(14, 0), paris(19, 0)))[0]
    assert (first.cost, first.best) == (0, Interval(paris(14, 6), paris(14, 9)))
    assert (first.first, first.last) == (paris(14, 0), paris(14, 6))
    saturday = find(8 * HOUR, Interval(paris(16, 9), paris(18, 9)))[0]
    assert (saturday.cost, saturday.best.start) == (0, paris(16, 13))


def test_of_slots_that_cost_the_same_the_friendliest_comes_first():
    """Eight hours: three by day on a week night, eight on Saturday from 13:00."""
    saturday, *nights = find(8 * HOUR, Interval(paris(13, 19), paris(18, 9)))[:4]
    assert (saturday.cost, saturday.best.start) == (0, paris(16, 13))
    assert [(night.cost, night.best.start) for night in nights] == [
        (0, paris(13, 19)),
        (0, paris(14, 19)),
        (0, paris(15, 19)),
    ]


def test_what_overlaps_an_outage_costs_nothing_more():
    taken = [Interval(paris(18, 9), paris(18, 13)), Interval(paris(18, 11), paris(18, 12))]
    slot = find(3 * HOUR, Interval(paris(18, 9), paris(18, 19)), taken)[0]
    assert (slot.cost, slot.first, slot.last) == (0, paris(18, 9), paris(18, 10))


def test_in_the_middle_of_the_day_the_whole_stop_counts():
    (slot,) = find(2 * HOUR, Interval(paris(18, 10), paris(18, 16)))
    assert (slot.cost, slot.first, slot.last) == (2 * HOUR, paris(18, 10), paris(18, 14))


def test_a_stop_longer_than_the_window_has_no_slot():
    assert find(3 * HOUR, Interval(paris(18, 10), paris(18, 12))) == []


def test_ten_thousand_starts_are_tried_and_no_more():
    widest = Interval(START, START + 9_999 * finder.STEP + HOUR)
    assert find(HOUR, widest)
    with pytest.raises(finder.TooManyStarts, match="10001 starts, at most 10000 are tried"):
        find(HOUR, Interval(widest.start, widest.end + finder.STEP))


def test_starts_are_the_quarters_of_an_hour_whose_stop_fits_in_the_window():
    minute = Interval(paris(18, 10) + MINUTE, paris(18, 12) + 14 * MINUTE)
    (slot,) = find(HOUR, minute)
    assert (slot.first, slot.last) == (paris(18, 10) + 15 * MINUTE, paris(18, 11))
    (exact,) = find(HOUR, Interval(paris(18, 10), paris(18, 11)))
    assert (exact.first, exact.last) == (paris(18, 10), paris(18, 10))
    assert find(HOUR, Interval(paris(18, 10), paris(18, 11) - 1)) == []


def test_a_range_too_wide_is_refused():
    with pytest.raises(finder.TooManyStarts):
        find(HOUR, Interval(START, START + 200 * DAY))


@given(outages, st.integers(0, 40 * HOUR))
def test_beyond_the_last_instant_at_the_limit_the_limit_is_exceeded(found, limit):
    period = Interval(START, START + 10 * DAY)
    falling = forecast.crossing(found, period=period, clock=OPEN, limit=limit)

    def until(end):
        return downtime.counted(found, period=Interval(START, end), clock=OPEN)

    if falling is None:
        assert until(period.end) <= limit
    else:
        _reached, passed = falling
        assert (until(passed), until(passed + 1)) == (limit, limit + 1)
