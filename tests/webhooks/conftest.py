import pytest

from accounts.enums import Role
from tests.factories import OrganisationFactory, member


@pytest.fixture
def on_loopback(settings):
    settings.WEBHOOKS_ON_LOOPBACK = True


@pytest.fixture
def host():
    return OrganisationFactory()


@pytest.fixture
def actor(host):
    return member(Role.MANDATAIRE, host)
