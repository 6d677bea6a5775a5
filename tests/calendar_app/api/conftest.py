import pytest
import time_machine

from accounts.enums import Role
from tests.calendar_app.filing_cases import NOW
from tests.factories import member
from tests.keys import software_of


@pytest.fixture(autouse=True)
def _clock():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def person(calendars):
    return member(Role.REPRESENTANT, full_name="Ana Fictive")


@pytest.fixture
def host(person):
    return person.memberships.get().organisation


@pytest.fixture
def software(client, person):
    return software_of(client, person)


@pytest.fixture
def stranger(client, calendars):
    return software_of(client, member(Role.MANDATAIRE))
