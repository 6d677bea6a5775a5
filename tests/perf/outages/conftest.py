import pytest
import time_machine

from tests.perf.outages.cases import NOW, distributed


@pytest.fixture
def _now():
    """The clock stands at NOW."""
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def service():
    return distributed()
