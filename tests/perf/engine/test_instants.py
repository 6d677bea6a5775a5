import datetime as dt

import pytest

from perf.engine.errors import EndBeforeStart, NaiveInstant, OutOfRange
from perf.engine.instants import HOUR, MINUTE, SECOND, duration_text, from_us, interval, to_us
from perf.engine.score import OFFICIAL, perf_text

EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("instant", "microseconds"),
    [
        (EPOCH, 0),
        (EPOCH + dt.timedelta(microseconds=1), 1),
        (EPOCH - dt.timedelta(microseconds=1), -1),
        (EPOCH + dt.timedelta(days=1, seconds=1), 86_401_000_000),
        (dt.datetime(1970, 1, 1, 1, tzinfo=dt.timezone(dt.timedelta(hours=1))), 0),
    ],
)
def test_instants_are_microseconds_since_the_epoch(instant, microseconds):
    assert to_us(instant) == microseconds
    assert from_us(microseconds) == instant


def test_units():
    assert (SECOND, MINUTE, HOUR) == (1_000_000, 60_000_000, 3_600_000_000)


def test_what_is_no_instant_is_refused():
    with pytest.raises(NaiveInstant, match="2027-01-01T00:00:00"):
        to_us(EPOCH.replace(year=2027, tzinfo=None))
    with pytest.raises(OutOfRange):
        from_us(10**18)


def test_an_interval_may_be_empty_and_never_ends_before_it_starts():
    assert interval(EPOCH, EPOCH) == (0, 0)
    with pytest.raises(EndBeforeStart):
        interval(EPOCH, EPOCH - dt.timedelta(microseconds=1))


@pytest.mark.parametrize(
    ("microseconds", "text"),
    [
        (0, "00:00:00"),
        (1, "00:00:00.000001"),
        (SECOND - 1, "00:00:00.999999"),
        (59 * SECOND, "00:00:59"),
        (MINUTE, "00:01:00"),
        (HOUR - SECOND, "00:59:59"),
        (HOUR, "01:00:00"),
        (100 * HOUR + 61 * SECOND, "100:01:01"),
    ],
)
def test_a_duration_as_text(microseconds, text):
    assert duration_text(microseconds) == text


@pytest.mark.parametrize(
    ("counted", "text", "left"),
    [
        (0, "1", [10 * HOUR, 20 * HOUR]),
        (10 * HOUR, "1", [0, 10 * HOUR]),
        (10 * HOUR + 1, "0.5", [-1, 10 * HOUR - 1]),
        (20 * HOUR, "0.5", [-10 * HOUR, 0]),
        (20 * HOUR + 1, "0", [-10 * HOUR - 1, -1]),
    ],
)
def test_the_official_score(counted, text, left):
    assert perf_text(OFFICIAL.perf(counted)) == text
    assert OFFICIAL.left(counted) == left


def test_each_step_of_the_official_score_falls_to_the_next():
    assert [(step.limit, perf_text(step.perf), perf_text(to)) for step, to in OFFICIAL.falls] == [
        (10 * HOUR, "1", "0.5"),
        (20 * HOUR, "0.5", "0"),
    ]
