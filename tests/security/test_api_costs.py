"""No list of the API costs more queries when it shows more rows of the same kinds."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Organisation, User
from api.site import schema
from calendar_app.demo import cast
from tests.keys import EVERYTHING, Caller, give_key

LISTS = sorted(
    path.removeprefix("/api/v1/")
    for path, methods in schema()["paths"].items()
    if "get" in methods and "{" not in path
)


@pytest.fixture
def software(client, demo):
    person = User.objects.get(email=cast.MANDATAIRE.email)
    host = Organisation.objects.get(name=cast.EDITEUR)
    return Caller(client, give_key(person, host, name="Lecture", scopes=EVERYTHING)[1])


@pytest.mark.parametrize("path", LISTS)
def test_a_list_costs_the_same_for_eighty_rows_and_for_two_hundred(software, path):
    costs, lengths = [], []
    software.get(path, limit=200)  # parameters are read once
    for limit in (80, 200):
        with CaptureQueriesContext(connection) as counted:
            answer = software.get(path, limit=limit)
        assert answer.status_code == 200
        costs.append(len(counted))
        lengths.append(len(answer.json()["items"]))
    assert costs[0] == costs[1], lengths
