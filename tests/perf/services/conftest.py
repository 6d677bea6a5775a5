import pytest

from accounts.enums import Role
from tests.factories import ServiceFactory, member


@pytest.fixture
def service(calendars):
    return ServiceFactory()


@pytest.fixture
def actor(service):
    return member(Role.SALARIE, service.prestation.organisation)
