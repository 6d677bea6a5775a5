"""What all operations share: languages, cursor pages, keys of idempotency, scopes."""

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.enums import Role
from api.enums import Scope
from api.idempotency import KEPT_FOR, sweep
from api.models import KeptAnswer
from calendar_app.models import Solution
from tests.calendar_app.filing_cases import NOW
from tests.factories import SolutionFactory, member
from tests.keys import Caller, software_of

NEW = {"dispositif": "ris", "name": "ImaRIS"}


@pytest.mark.parametrize(
    ("asked", "language", "title"),
    [
        ("", "fr", "Clé absente ou inactive"),
        ("en", "en", "Missing or inactive key"),
        ("en-GB,fr;q=0.5", "en", "Missing or inactive key"),
        ("fr,en;q=0.5", "fr", "Clé absente ou inactive"),
        ("de", "fr", "Clé absente ou inactive"),
    ],
)
def test_a_refusal_speaks_the_language_asked_for(client, db, asked, language, title):
    answer = Caller(client).get("solutions", headers={"Accept-Language": asked})
    assert (answer["Content-Language"], answer.json()["title"]) == (language, title)


def test_a_malformed_value_is_explained_in_english_too(software):
    headers = {"Accept-Language": "en"}
    errors = software.post("solutions", {"dispositif": "ris"}, headers=headers).json()["errors"]
    assert errors == {"name": ["Field required"]}
    body = {"referenced_on": "hier"}
    path = f"solutions/{SolutionFactory().pk}/referencing"
    wrong = software.post(path, body, headers=headers).json()["errors"]
    assert wrong == {"referenced_on": ["A day is expected: 2026-11-30."]}


def test_pages_follow_each_other_whatever_comes_in_between(software, host):
    rows = [SolutionFactory(organisation=host) for _ in range(5)]
    first = software.get("solutions", limit=2).json()
    SolutionFactory(organisation=host)
    second = software.get("solutions", limit=2, cursor=first["next"]).json()
    third = software.get("solutions", limit=2, cursor=second["next"]).json()
    shown = [item["id"] for page in (first, second, third) for item in page["items"]]
    assert shown == [row.pk for row in reversed(rows)]
    assert third["next"] is None


def test_a_call_sent_again_with_its_key_acts_once(software):
    headers = {"Idempotency-Key": "appel-1"}
    first = software.post("solutions", NEW, headers=headers)
    again = software.post("solutions", NEW, headers=headers)
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    assert again["Idempotency-Replayed"] == "true"
    assert Solution.objects.count() == 1


def test_a_key_of_idempotency_serves_one_request(software):
    headers = {"Idempotency-Key": "appel-1"}
    software.post("solutions", NEW, headers=headers)
    other = software.post("solutions", NEW | {"name": "Autre"}, headers=headers)
    assert other.status_code == 422
    assert list(other.json()["errors"]) == ["Idempotency-Key"]
    assert Solution.objects.count() == 1


@pytest.mark.parametrize("key", ["", " ", "é", "x" * 101])
def test_a_malformed_key_of_idempotency_is_refused(software, key):
    assert software.post("solutions", NEW, headers={"Idempotency-Key": key}).status_code == 422


def test_a_refusal_is_not_kept(software):
    headers = {"Idempotency-Key": "appel-1"}
    assert software.post("solutions", {"name": "x"}, headers=headers).status_code == 422
    wrong = NEW | {"proxy_name": "Passerelle"}
    assert software.post("solutions", wrong, headers=headers).status_code == 422
    assert not KeptAnswer.objects.exists()
    assert software.post("solutions", NEW, headers=headers).status_code == 201


def test_two_callers_name_their_calls_as_they_like(client, software, calendars):
    headers = {"Idempotency-Key": "1"}
    software.post("solutions", NEW, headers=headers)
    other = software_of(client, member(Role.MANDATAIRE))
    assert other.post("solutions", NEW | {"name": "Autre"}, headers=headers).status_code == 201


def test_an_answer_is_kept_for_a_day(software):
    headers = {"Idempotency-Key": "appel-1"}
    software.post("solutions", NEW, headers=headers)
    with time_machine.travel(NOW + KEPT_FOR, tick=False):
        other = software.post("solutions", NEW | {"name": "Autre"}, headers=headers)
        assert other.status_code == 201
    assert sweep(now=NOW + KEPT_FOR) == 0
    assert sweep(now=NOW + 2 * KEPT_FOR) == 1


@pytest.mark.parametrize(
    ("scope", "reads", "writes"),
    [
        (Scope.READ, 200, 403),
        (Scope.DEPOSITS, 403, 201),
        (Scope.PERF, 403, 403),
        (Scope.OPEN_DATA, 403, 403),
    ],
)
def test_a_key_does_what_its_scopes_say(client, person, scope, reads, writes):
    software = software_of(client, person, scope)
    assert software.get("solutions").status_code == reads
    assert software.post("solutions", NEW).status_code == writes


def test_too_many_calls_say_when_to_come_back(software, monkeypatch):
    monkeypatch.setattr("api.keys.is_within", lambda *_args, **_more: False)
    answer = software.get("solutions")
    assert answer.status_code == 429
    assert answer["Retry-After"] == str(60 - NOW.second)


def test_the_last_of_ten_thousand_rows_costs_what_the_first_does(software, host):
    """Each page by its cursor: as many queries on the fiftieth page as on the first."""
    model = SolutionFactory(organisation=host)
    Solution.objects.bulk_create(
        Solution(organisation=host, dispositif=model.dispositif, name=f"Solution {number}")
        for number in range(9_999)
    )
    seen, cursor, costs = set(), None, set()
    software.get("solutions")  # its use is noted once a minute
    while True:
        query = {"cursor": cursor} if cursor else {}
        with CaptureQueriesContext(connection) as counted:
            page = software.get("solutions", limit=200, **query).json()
        costs.add(len(counted))
        seen |= {item["id"] for item in page["items"]}
        if (cursor := page["next"]) is None:
            break
    assert len(seen) == 10_000
    assert len(costs) == 1
