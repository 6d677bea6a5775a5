import pytest

from tests.factories import ServiceFactory
from tests.perf.statements.cases import at


@pytest.fixture
def service(calendars):
    """Of a DRIMbox prestation, followed since the end of 2025."""
    return ServiceFactory(created_at=at("01/12/2025 09:00"))


@pytest.fixture
def prestation(service):
    return service.prestation
