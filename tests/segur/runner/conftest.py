import pytest

from tests import services


@pytest.fixture
def free_port():
    return services.free_port()
