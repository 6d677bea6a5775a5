"""What a line of the overview says of the next threshold."""

from fractions import Fraction

import pytest

from perf.engine.instants import HOUR
from perf.engine.rules import OUVRABLE
from perf.engine.score import OFFICIAL
from perf.rules.figures import Figure
from perf.selectors.overview import OverviewRow

HALF = Fraction(1, 2)
US = 1


def row(figure):
    return OverviewRow(
        pk=1,
        client="Alba",
        finess="",
        organisation="Brume",
        solution="DRIMbox Calme",
        code="S-1",
        since=None,
        base=OUVRABLE,
        figure=figure,
        other=None,
        uncontested=None,
        contested=0,
        is_open=False,
    )


@pytest.mark.parametrize(
    ("counted", "left", "falls_to"),
    [
        (0, 10 * HOUR, HALF),
        (10 * HOUR - US, US, HALF),
        (10 * HOUR, 0, HALF),
        (10 * HOUR + US, 10 * HOUR - US, 0),
        (20 * HOUR, 0, 0),
        (20 * HOUR + US, None, None),
    ],
)
def test_a_threshold_is_passed_only_beyond_it(counted, left, falls_to):
    found = row(Figure(counted, OFFICIAL))
    assert (found.left, found.falls_to) == (left, falls_to)


@pytest.mark.parametrize(
    ("counted", "is_near"),
    [
        (8 * HOUR - US, False),
        (8 * HOUR, False),
        (8 * HOUR + US, True),
        (10 * HOUR, True),
        (10 * HOUR + US, False),
        (18 * HOUR, False),
        (18 * HOUR + US, True),
        (20 * HOUR + US, False),
    ],
)
def test_near_a_threshold_is_less_than_two_hours_before_it(counted, is_near):
    assert row(Figure(counted, OFFICIAL)).is_near is is_near


def test_without_a_measure_nothing_is_left_nor_near():
    found = row(None)
    assert (found.left, found.falls_to, found.is_near) == (None, None, False)
