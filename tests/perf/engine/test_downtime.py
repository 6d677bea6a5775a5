"""The union of the outages within the period."""

import pytest

from perf.engine.downtime import clip, closed, counted, pieces, union
from perf.engine.errors import EndBeforeStart, OutOfRange
from perf.engine.hours import AllTime
from perf.engine.instants import HOUR, Interval
from perf.engine.rules import SLIDES
from tests.perf.engine.january import US, at, moment, span

ALL, OPEN = AllTime(), SLIDES.open_time
PERIOD = Interval(100, 200)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ([], []),
        ([(10, 20)], [(10, 20)]),
        ([(10, 10), (20, 15)], []),
        ([(30, 40), (10, 20)], [(10, 20), (30, 40)]),
        ([(10, 20), (20, 30)], [(10, 30)]),
        ([(10, 20), (21, 30)], [(10, 20), (21, 30)]),
        ([(10, 40), (20, 30)], [(10, 40)]),
        ([(10, 20), (30, 60), (40, 50)], [(10, 20), (30, 60)]),
        ([(10, 20), (30, 40), (35, 50), (60, 70)], [(10, 20), (30, 50), (60, 70)]),
        ([(10, 20), (10, 20), (15, 25)], [(10, 25)]),
    ],
)
def test_union_joins_what_overlaps_or_touches(given, expected):
    assert union([Interval(*one) for one in given]) == expected


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ((50, 100), []),
        ((50, 101), [(100, 101)]),
        ((199, 250), [(199, 200)]),
        ((200, 250), []),
        ((50, 250), [(100, 200)]),
        ((120, 130), [(120, 130)]),
    ],
)
def test_only_the_part_in_the_period_is_kept(given, expected):
    assert clip([Interval(*given)], PERIOD) == expected
    covered = pieces([given], period=PERIOD)
    assert list(zip(*covered, strict=True)) == expected


def test_pieces_cover_what_overlaps_once():
    found = [(90, 110), (105, 120), (110, 115), (130, 140), (140, 150), (190, 300), (195, 310)]
    assert pieces(found, period=PERIOD) == (
        [100, 110, 130, 140, 190],
        [110, 120, 140, 150, 200],
    )
    assert pieces([(120, 110), (150, 150)], period=PERIOD) == ([], [])


@pytest.mark.parametrize(
    ("now", "end"),
    [(None, 20), (12, 12), (20, 20), (25, 20), (8, 10)],
)
def test_an_open_outage_runs_to_now_at_most_to_the_end_of_the_period(now, end):
    """It began on the 10th; the period ends on the 20th."""
    instant = None if now is None else at(now)
    found = closed([(moment(10), None)], period=span("1 00:00", "20 00:00"), now=instant)
    assert found == [Interval(at(10), at(end))]


def test_an_ended_outage_is_as_it_was_declared():
    period = span("1 00:00", "20 00:00")
    assert closed([(moment(10), moment(25))], period=period, now=at(5)) == [
        span("10 00:00", "25 00:00")
    ]
    with pytest.raises(EndBeforeStart):
        closed([(moment(10), moment(9))], period=period, now=None)


def test_a_period_of_no_length_counts_nothing_and_one_that_ends_before_it_starts_is_refused():
    found = [Interval(100, 200)]
    assert counted(found, period=Interval(150, 150), clock=ALL) == 0
    assert counted(found, period=Interval(150, 151), clock=ALL) == US
    with pytest.raises(EndBeforeStart):
        counted(found, period=Interval(150, 149), clock=ALL)


@pytest.mark.parametrize(
    ("start", "end"), [(OPEN.first - US, OPEN.last), (OPEN.first, OPEN.last + US)]
)
def test_a_period_out_of_the_computed_years_is_refused_even_without_an_outage(start, end):
    with pytest.raises(OutOfRange):
        counted([], period=Interval(start, end), clock=OPEN)


def test_outages_may_come_in_any_order():
    found = [span("12 12:00", "12 14:00"), span("12 10:00", "12 13:00")]
    assert counted(found, period=span("1 00:00", "32 00:00"), clock=OPEN) == 4 * HOUR
