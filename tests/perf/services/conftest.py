import pytest

from accounts.enums import Role
from tests.all_or_nothing import _all_or_nothing  # noqa: F401
from tests.factories import ServiceFactory, member


@pytest.fixture
def service(calendars):
    return ServiceFactory()


@pytest.fixture
def actor(service):
    return member(Role.SALARIE, service.prestation.organisation)
