"""The API keeps to its OpenAPI document, whatever it is sent: schemathesis makes it up.

A few cases of each operation in `make test`; with `-m long`, `CASES` of them for each role.
"""

import os

import pytest
import schemathesis
import time_machine
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, settings
from schemathesis.specs.openapi.checks import positive_data_acceptance

from accounts.enums import Role
from api.enums import Scope
from segur.wsgi import application
from tests.api_world import NOW, build
from tests.factories import member
from tests.keys import EVERYTHING, give_key

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_one_connection")]

CASES = int(os.environ.get("API_CASES", "150"))
"""Of one operation and one role, in the long mode."""
FEW = 4

document = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", application)


def many(cases):
    return settings(
        max_examples=cases,
        deadline=None,
        derandomize=True,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )


@pytest.fixture
def _one_connection():
    """As Django's own test client does: a request made in the test's transaction keeps it."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture(autouse=True)
def world(calendars, monkeypatch):
    """Rows behind every address; no bound on the calls of a key."""
    monkeypatch.setattr("api.keys.PER_MINUTE", 10**9)
    with time_machine.travel(NOW, tick=False):
        yield build()


def key_of(world, role):
    host = world.person.memberships.get().organisation
    holders = {
        "mandataire": lambda: world.person,
        "salarie": lambda: member(Role.SALARIE, host),
        "outsider": lambda: member(Role.MANDATAIRE),
        "agent": lambda: member(Role.AGENT),
    }
    if role == "supervision":
        return give_key(member(Role.RESPONSABLE), scopes=[Scope.SUPERVISION])[1]
    return give_key(holders[role](), name=role, scopes=EVERYTHING)[1]


NOT_CHECKED = [positive_data_acceptance]
"""Well-formed values may be refused by other rules: a day to come, a row that does not exist, a
state that does not allow the act."""


@pytest.fixture
def authorization(world):
    return {"Authorization": f"Bearer {key_of(world, 'mandataire')}"}


@document.parametrize()
@many(FEW)
def test_every_answer_is_one_that_the_document_tells(case, authorization):
    case.call_and_validate(headers=authorization, excluded_checks=NOT_CHECKED)


@pytest.fixture(params=["mandataire", "salarie", "outsider", "agent", "supervision"])
def each_role(request, world):
    return {"Authorization": f"Bearer {key_of(world, request.param)}"}


@pytest.mark.long
@document.parametrize()
@many(CASES)
def test_every_answer_to_every_role_is_one_that_the_document_tells(case, each_role):
    case.call_and_validate(headers=each_role, excluded_checks=NOT_CHECKED)
