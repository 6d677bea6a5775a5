"""Open data: small counts are hidden, and no total gives one away."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calendar_app.rules.disclosure import THRESHOLD, disclosed


@pytest.mark.parametrize(
    ("counts", "shown"),
    [
        ([0, 5, 20], [0, 5, 20]),
        ([1, 4, 5], [None, None, 5]),
        ([], []),
    ],
)
def test_without_a_total_only_what_is_below_the_threshold_is_hidden(counts, shown):
    assert disclosed(counts, has_total=False) == shown


@pytest.mark.parametrize(
    ("counts", "shown"),
    [
        ([20, 30, 50], [20, 30, 50]),
        ([3, 7, 40, 50], [None, None, 40, 50]),
        ([3, 6, 40, 49], [None, None, None, 49]),
        ([3, 6, 9], [None, None, None]),
        ([0, 3, 3], [0, None, None]),
        ([4, 0, 4], [None, 0, None]),
        ([0, 0, 0], [0, 0, 0]),
        ([4, 4, 5, 13], [None, None, None, 13]),
        ([5, 0, 5], [5, 0, 5]),
    ],
)
def test_with_a_total_others_are_hidden_until_it_says_nothing(counts, shown):
    assert disclosed(counts, has_total=True) == shown


def test_a_count_that_is_public_elsewhere_is_shown_and_hides_nothing():
    found = disclosed([3, 12, 30, 45], known=[False, True, False], has_total=True)
    assert found == [None, 12, None, 45]
    assert disclosed([3, 12, 15], known=[False, True], has_total=True) == [None, 12, None]
    assert disclosed([2, 10, 12], known=[True, False], has_total=True) == [2, 10, 12]


@given(parts=st.lists(st.integers(0, 60), min_size=1, max_size=7))
def test_whoever_knows_the_total_cannot_compute_a_hidden_count(parts):
    """The hidden counts make a sum that at least two values of each small one explain."""
    shown = disclosed([*parts, sum(parts)], has_total=True)
    hidden = [count for count, seen in zip(parts, shown[:-1], strict=True) if seen is None]
    assert all(seen in (None, count) for count, seen in zip(parts, shown[:-1], strict=True))
    assert not any(0 < seen < THRESHOLD for seen in shown if seen is not None)
    if shown[-1] is not None and hidden:
        assert len(hidden) >= 2
        assert sum(hidden) >= 2 * THRESHOLD
