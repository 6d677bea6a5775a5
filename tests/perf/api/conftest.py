import pytest

from accounts.enums import Role
from api.enums import Scope
from tests.factories import ServiceFactory, member
from tests.keys import Caller, give_key


def key_of(organisation, name="Supervision"):
    """A clear key of this organisation, to read and to declare."""
    holder = member(organisation=organisation)
    return give_key(holder, name=name, scopes=[Scope.READ, Scope.PERF])[1]


@pytest.fixture
def service(calendars):
    return ServiceFactory(code="drimbox-chu", probe_id="2417835")


@pytest.fixture
def supplier(client, service):
    """The software of the Fournisseur of the service."""
    return Caller(client, key_of(service.prestation.organisation))


@pytest.fixture
def ans(client, calendars):
    return Caller(client, give_key(member(Role.RESPONSABLE), scopes=[Scope.READ, Scope.PERF])[1])


@pytest.fixture
def source(client, calendars):
    """A source of the supervision."""
    holder = member(Role.RESPONSABLE)
    key = give_key(holder, name="Better Stack", scopes=[Scope.SUPERVISION])[1]
    return Caller(client, key)


@pytest.fixture
def nobody(client, calendars):
    return Caller(client)
