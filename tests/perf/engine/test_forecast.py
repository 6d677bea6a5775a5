"""When a limit of D_f is reached, and when its score is lost."""

import pytest

from perf.engine.forecast import crossing
from perf.engine.hours import AllTime
from perf.engine.instants import HOUR, MINUTE
from perf.engine.rules import SLIDES
from tests.perf.engine.january import MONTH, US, at, span

OPEN, ALL = SLIDES.open_time, AllTime()
FRIDAY_EVENING = [span("15 18:00", "32 00:00")]


def both(found, limit, clock=OPEN, period=MONTH):
    return crossing(found, period=period, clock=clock, limit=limit)


@pytest.mark.parametrize(
    ("limit", "reached", "lost"),
    [
        (0, "15 18:00", "15 18:00"),
        (30 * MINUTE, "15 18:30", "15 18:30"),
        (HOUR - US, "15 18:59:59.999999", "15 18:59:59.999999"),
        # reached at closing time, lost at the next opening
        (HOUR, "15 19:00", "16 09:00"),
        (HOUR + US, "16 09:00:00.000001", "16 09:00:00.000001"),
        (5 * HOUR, "16 13:00", "18 09:00"),
    ],
)
def test_an_outage_that_lasts_reaches_the_limit_and_loses_the_score(limit, reached, lost):
    expected = [at(int(text.split()[0]), text.split()[1]) for text in (reached, lost)]
    assert list(both(FRIDAY_EVENING, limit)) == expected


@pytest.mark.parametrize(
    ("limit", "expected"),
    [(HOUR - US, (at(15, "19:00") - US,) * 2), (HOUR, None), (HOUR + US, None)],
)
def test_a_limit_that_is_not_exceeded_by_the_end_is_never_lost(limit, expected):
    assert both([span("15 18:00", "15 19:00")], limit) == expected


def test_several_outages_add_up_and_the_one_that_exceeds_is_named():
    found = [
        span("12 12:00", "12 14:00"),
        span("12 10:00", "12 11:00"),
        span("12 10:30", "12 11:00"),
    ]
    assert both(found, 90 * MINUTE) == (at(12, "12:30"), at(12, "12:30"))
    assert both(found, HOUR) == (at(12, "12:00"), at(12, "12:00"))
    assert both(found, 30 * MINUTE) == (at(12, "10:30"), at(12, "10:30"))
    assert both(found, 3 * HOUR) is None


def test_only_the_period_counts():
    found = [span("9 10:00", "9 12:00"), span("12 10:00", "12 12:00")]
    period = span("10 00:00", "12 11:30")
    assert both(found, HOUR, period=period) == (at(12, "11:00"), at(12, "11:00"))
    assert both(found, 90 * MINUTE, period=period) is None


def test_in_the_continuous_base_the_night_counts():
    assert both(FRIDAY_EVENING, HOUR, clock=ALL) == (at(15, "19:00"), at(15, "19:00"))
    assert both(FRIDAY_EVENING, 10 * HOUR, clock=ALL) == (at(16, "04:00"), at(16, "04:00"))
