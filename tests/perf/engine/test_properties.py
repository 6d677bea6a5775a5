"""What must hold of any outages, whatever they are."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perf.engine import downtime, explain, forecast, hours
from perf.engine.errors import EndBeforeStart, NaiveInstant, OutOfRange
from perf.engine.instants import HOUR, MINUTE, Interval, from_us, interval, to_us
from perf.engine.rules import SLIDES
from segur.lib.paris import PARIS

START = to_us(dt.datetime(2027, 3, 20, tzinfo=dt.UTC))
SPAN = 40 * 24 * HOUR
PERIOD = Interval(START, START + SPAN)
ALL = hours.AllTime()

instants = st.integers(START - 5 * 24 * HOUR, START + SPAN + 5 * 24 * HOUR)
outages = st.lists(
    st.tuples(instants, st.integers(0, 4 * 24 * HOUR)).map(lambda p: Interval(p[0], p[0] + p[1])),
    max_size=8,
)


def counted(found, period=PERIOD, clock=None):
    return downtime.counted(found, period=period, clock=clock or SLIDES.open_time)


@given(outages, st.integers(START, START + SPAN))
def test_a_period_split_in_two_counts_the_same(found, middle):
    first, second = Interval(START, middle), Interval(middle, START + SPAN)
    assert counted(found, first) + counted(found, second) == counted(found)


@given(outages, outages)
def test_one_more_outage_never_counts_less(found, more):
    assert counted(found) <= counted([*found, *more])


@given(st.data())
def test_order_and_duplicates_change_nothing(data):
    found = data.draw(outages)
    shuffled = data.draw(st.permutations([*found, *found]))
    assert counted(shuffled) == counted(found)


@given(outages, st.data())
def test_an_outage_cut_in_two_counts_the_same(found, data):
    pieces = []
    for start, end in found:
        cut = data.draw(st.integers(start, end))
        pieces += [Interval(start, cut), Interval(cut, end)]
    assert counted(pieces) == counted(found)


@given(outages)
def test_open_hours_never_count_more_than_all_hours(found):
    assert counted(found) <= counted(found, clock=ALL)


@given(
    st.lists(
        st.tuples(st.integers(0, 20_000), st.integers(0, 3_000)).map(
            lambda p: Interval(START + p[0] * MINUTE, START + (p[0] + p[1]) * MINUTE)
        ),
        max_size=4,
    )
)
def test_it_agrees_with_counting_minute_by_minute(found):
    minutes = {m for start, end in found for m in range(start, end, MINUTE)}
    inside = (m for m in minutes if PERIOD.start <= m < PERIOD.end)
    assert counted(found) == sum(map(is_open, inside)) * MINUTE


def is_open(instant):
    moment = from_us(instant).astimezone(PARIS)
    closing = {5: 13, 6: 0}.get(moment.weekday(), 19)
    easter_monday, labour_day = dt.date(2027, 3, 29), dt.date(2027, 5, 1)
    return 9 <= moment.hour < closing and moment.date() not in (easter_monday, labour_day)


@given(outages)
def test_the_explanation_covers_each_outage_and_adds_up(found):
    claims = [explain.Claim(f"panne {n}", item) for n, item in enumerate(found)]
    for open_time, clock in ((SLIDES.open_time, None), (None, ALL)):
        parts = explain.explain(claims, period=PERIOD, open_time=open_time)
        for claim, own in zip(claims, parts, strict=True):
            edges = [claim.interval.start, *(part.end for part in own)]
            assert [part.start for part in own] == edges[:-1]
            assert edges[-1] == claim.interval.end or not own
        total = sum(p.length for own in parts for p in own if p.why == explain.Why.COUNTED)
        assert total == counted(found, clock=clock)


@given(outages, st.integers(0, 60 * HOUR))
def test_the_forecast_is_the_instant_at_which_the_limit_is_reached(found, limit):
    falling = forecast.crossing(found, period=PERIOD, clock=SLIDES.open_time, limit=limit)
    if falling is None:
        assert counted(found) <= limit
    else:
        crossing, _passed = falling
        assert counted(found, Interval(START, crossing)) == limit
        assert counted(found, Interval(START, crossing + 1)) == limit + 1 or limit == 0


@given(instants, st.integers(1, 100 * HOUR))
def test_a_due_instant_is_the_earliest_that_uses_up_the_budget(start, budget):
    clock = SLIDES.open_time
    due = clock.after(start, budget)
    assert clock.elapsed(start, due) == budget
    assert clock.elapsed(start, due - 1) == budget - 1


def test_a_naive_instant_is_refused():
    with pytest.raises(NaiveInstant):
        to_us(dt.datetime(2027, 1, 1))  # noqa: DTZ001


def test_an_end_before_its_start_is_refused():
    early, late = dt.datetime(2027, 1, 1, tzinfo=dt.UTC), dt.datetime(2027, 1, 2, tzinfo=dt.UTC)
    with pytest.raises(EndBeforeStart):
        interval(late, early)


@pytest.mark.parametrize("year", [1999, 2042])
def test_outside_the_computed_years_nothing_is_silently_zero(year):
    start = to_us(dt.datetime(year, 6, 1, tzinfo=dt.UTC))
    with pytest.raises(OutOfRange):
        SLIDES.open_time.elapsed(start, start + HOUR)
    with pytest.raises(OutOfRange):
        SLIDES.open_time.after(start, HOUR)
    for period in (Interval(start, start + HOUR), Interval(*sorted([start, START]))):
        with pytest.raises(OutOfRange):
            counted([], period=period)
        assert counted([], period=period, clock=ALL) == 0


@given(outages, st.sampled_from([SLIDES.open_time, ALL]))
def test_the_sum_in_one_loop_is_that_of_the_united_intervals_one_by_one(found, clock):
    united = downtime.union(downtime.clip(found, PERIOD))
    assert counted(found, clock=clock) == sum(clock.elapsed(*item) for item in united)


@given(outages)
def test_the_pieces_are_disjoint_in_order_and_cover_the_union(found):
    starts, ends = downtime.pieces(sorted(found), period=PERIOD)
    edges = [edge for pair in zip(starts, ends, strict=True) for edge in pair]
    assert edges == sorted(edges)
    covered = [Interval(*pair) for pair in zip(starts, ends, strict=True)]
    assert downtime.union(covered) == downtime.union(downtime.clip(found, PERIOD))


def test_a_sum_out_of_the_computed_years_is_refused():
    late = to_us(dt.datetime(2041, 1, 1, 12, tzinfo=PARIS))
    for start, end in ((late, late + HOUR), (late - 24 * HOUR, late), (0, START)):
        with pytest.raises(OutOfRange):
            SLIDES.open_time.total([start], [end])
