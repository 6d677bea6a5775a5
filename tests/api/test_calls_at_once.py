"""Software that calls twice at the same second, over HTTP on a real PostgreSQL: one act."""

import httpx
import pytest
from django.db import connection

from accounts.enums import Role
from calendar_app.models import Solution
from tests.at_once import at_once
from tests.factories import SolutionFactory, member
from tests.keys import EVERYTHING, give_key

pytestmark = [
    pytest.mark.distributed,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("calendars"),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer"),
]
AT_ONCE = 6
NEW = {"dispositif": "ris", "name": "ImaRIS"}


@pytest.fixture
def person():
    return member(Role.MANDATAIRE)


@pytest.fixture
def call(person, live_server):
    key = give_key(person, scopes=EVERYTHING)[1]

    def send(method, path, body, headers=None):
        headers = {"Authorization": f"Bearer {key}", **(headers or {})}
        url = f"{live_server.url}/api/v1/{path}"
        return httpx.request(method, url, json=body, headers=headers, timeout=30)

    return send


def test_one_key_of_idempotency_acts_once_and_all_have_its_answer(call):
    headers = {"Idempotency-Key": "depot-1"}
    answers, _refusals = at_once(*[lambda: call("POST", "solutions", NEW, headers)] * AT_ONCE)
    assert [answer.status_code for answer in answers] == [201] * AT_ONCE
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert sum("Idempotency-Replayed" in answer.headers for answer in answers) == AT_ONCE - 1
    assert Solution.objects.count() == 1


def test_of_changes_based_on_one_reading_one_succeeds(call, person):
    host = person.memberships.get().organisation
    path = f"solutions/{SolutionFactory(organisation=host).pk}"
    read = {"If-Match": call("GET", path, None).headers["ETag"]}
    bodies = [{"name": "ImaRIS", "version": str(number)} for number in range(AT_ONCE)]
    answers, _refusals = at_once(
        *[lambda body=body: call("PATCH", path, body, read) for body in bodies]
    )
    statuses = sorted(answer.status_code for answer in answers)
    assert statuses == [200] + [412] * (AT_ONCE - 1)
