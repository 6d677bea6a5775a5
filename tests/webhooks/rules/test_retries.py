import datetime as dt

import pytest

from tests.webhooks.cases import MINUTE, NOW
from webhooks.rules.retries import DELAYS, next_attempt


@pytest.mark.parametrize(
    ("tries", "delay"), [(1, MINUTE), (2, 5 * MINUTE), (10, dt.timedelta(hours=18)), (11, None)]
)
def test_each_attempt_waits_longer_and_the_eleventh_is_the_last(tries, delay):
    assert next_attempt(tries, now=NOW) == (delay and NOW + delay)


def test_the_last_attempt_is_three_days_after_the_first():
    assert sum(DELAYS, dt.timedelta()) == dt.timedelta(days=3)
    assert list(DELAYS) == sorted(DELAYS)
