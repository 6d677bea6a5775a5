"""What the tests of the whole API share."""

import pytest
import time_machine

from tests.api_world import NOW, build


@pytest.fixture
def world(calendars, monkeypatch, settings):
    """Rows behind every address, at their instant; calls are not limited."""
    monkeypatch.setattr("api.keys.PER_MINUTE", 10**9)
    settings.RATE_PUBLIC = 10**9
    with time_machine.travel(NOW, tick=False):
        yield build()
