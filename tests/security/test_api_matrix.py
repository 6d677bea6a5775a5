"""Every operation of the API × every kind of key: who gets in, and to whose rows."""

import json
from http import HTTPStatus

import pytest
from django.db import transaction

from accounts.enums import Role
from api.enums import Scope
from api.operations import MULTIPART
from api.site import schema
from tests.calendar_app.papers import upload
from tests.factories import OrganisationFactory, member
from tests.keys import EVERYTHING, give_key

pytestmark = pytest.mark.usefixtures("calendars")

WEBHOOK = "/api/v1/webhooks/better-stack"
FORMS: dict[str, dict[str, object]] = {
    "draft_save": {"comment": "À finir"},
    "filing_create": {"declared": "true", "deposited_at": "2027-06-09T09:00:00+02:00"},
    "va_record": {
        "case": "CAS_2",
        "finalised_on": "2027-05-03",
        "signed_on": "2027-05-04",
        "signatory_name": "Anne Exemple",
        "reported": ["db-cr"],
    },
    "va_notify": {"notified_on": "2027-06-01", "means": "courriel"},
    "va_condition_validate": {"validated_on": "2027-06-02"},
    "pv_sign": {"signed_on": "2027-06-01"},
    "upload_continue": {"offset": "0"},
}
"""What the operations with files are sent; the others have examples in the document."""
FILES = {"pv_sign": "upload", "upload_continue": "piece"}


def operations():
    for path, methods in schema()["paths"].items():
        for method, operation in methods.items():
            yield path, method, operation


def example_of(operation):
    """The first example of its body, or None."""
    content = operation.get("requestBody", {}).get("content", {}).get("application/json")
    if content is None:
        return None
    body = content["schema"]
    if "$ref" in body:
        body = schema()["components"]["schemas"][body["$ref"].rpartition("/")[2]]
    return body["examples"][0]


def send(client, world, called, key):
    """The operation on its row of the world, with its example."""
    path, method, operation = called
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    if method == "patch":
        headers["If-Match"] = "*"
    name, url = operation["operationId"], world.url(path)
    if MULTIPART in operation.get("requestBody", {}).get("content", {}):
        files = {str(FILES.get(name, "proofs")): upload()}
        return client.post(url, {**FORMS[name], **files}, headers=headers)
    if method == "get":
        return client.get(url, headers=headers)
    example = example_of(operation) or {}
    body = json.dumps(example | {key: world.rows[key] for key in example.keys() & world.rows})
    return getattr(client, method)(url, body, content_type="application/json", headers=headers)


def walk(client, world, key, *, paths=lambda path: path != WEBHOOK):
    """Operation → status, without leaving anything behind: each in its own savepoint."""
    found = {}
    for path, method, operation in operations():
        if not paths(path):
            continue
        with transaction.atomic():
            answer = send(client, world, (path, method, operation), key)
            found[operation["operationId"]] = answer.status_code
            transaction.set_rollback(True)
    return found


def scopes_of():
    """Operation → the label of its scope, as its description says."""
    return {
        operation["operationId"]: operation["description"].rpartition("Portée de la clé : ")[2]
        for path, _method, operation in operations()
        if path != WEBHOOK
    }


def test_every_address_with_an_argument_has_a_row(world):
    asked = {path for path, _method, _operation in operations() if "{" in path}
    assert asked == set(world.objects), "add it to tests/api_world.py"


def test_without_a_key_nothing_is_open_even_to_who_is_logged_in(client, world):
    client.force_login(world.person)
    for key in ("", "segur_unknown"):
        found = walk(client, world, key)
        assert {name for name, got in found.items() if got != HTTPStatus.UNAUTHORIZED} == set()


@pytest.mark.parametrize("scope", [Scope.READ, Scope.PERF, Scope.DEPOSITS, Scope.OPEN_DATA])
def test_a_key_of_one_scope_opens_its_operations_alone(client, world, scope):
    key = give_key(world.person, scopes=[scope])[1]
    found, scopes = walk(client, world, key), scopes_of()
    outside = {name for name in found if scopes[name] != f"{scope.label}."}
    refused = {name for name, got in found.items() if got == HTTPStatus.FORBIDDEN}
    assert refused == outside


def test_the_key_of_a_source_of_the_supervision_opens_its_webhook_alone(client, world):
    key = give_key(member(Role.RESPONSABLE), scopes=[Scope.SUPERVISION])[1]
    assert set(walk(client, world, key).values()) == {HTTPStatus.FORBIDDEN}
    opened = walk(client, world, key, paths=lambda path: path == WEBHOOK)
    assert set(opened.values()) <= {HTTPStatus.OK, HTTPStatus.ACCEPTED, 422}


def test_the_example_of_each_operation_does_what_it_says(client, world):
    """On the rows of the world, by the key of its Mandataire. Its PV is a draft: it cannot be sent
    nor taken back."""
    found = walk(client, world, give_key(world.person, scopes=EVERYTHING)[1])
    wrong = {
        name: got
        for name, got in found.items()
        if got not in {HTTPStatus.OK, HTTPStatus.CREATED, HTTPStatus.CONFLICT}
    }
    assert wrong == dict.fromkeys(["pv_send", "pv_take_back"], HTTPStatus.UNPROCESSABLE_ENTITY)


@pytest.mark.parametrize("kind", ["EDITEUR", "DISTRIBUTEUR"])
def test_an_outsider_finds_none_of_these_rows(client, world, kind):
    stranger = member(Role.MANDATAIRE, OrganisationFactory(kind=kind))
    key = give_key(stranger, scopes=EVERYTHING)[1]
    found = walk(client, world, key, paths=lambda path: "{" in path)
    assert set(found.values()) == {HTTPStatus.NOT_FOUND}


def test_the_lists_of_an_outsider_are_empty(client, world):
    key = give_key(member(Role.MANDATAIRE), scopes=EVERYTHING)[1]
    for path, method, operation in operations():
        if method == "get" and "{" not in path and not path.endswith("/clients"):
            answer = send(client, world, (path, method, operation), key)
            assert answer.json() == {"items": [], "next": None}, path


def test_a_former_member_and_a_closed_account_open_nothing(client, world):
    other = member(Role.MANDATAIRE, world.person.memberships.get().organisation)
    key = give_key(other, name="Ancienne", scopes=EVERYTHING)[1]
    assert HTTPStatus.OK in walk(client, world, key).values()
    other.memberships.all().delete()
    assert set(walk(client, world, key).values()) == {HTTPStatus.UNAUTHORIZED}


@pytest.mark.parametrize("role", [Role.SALARIE, Role.AGENT])
def test_who_cannot_bind_the_organisation_does_not_bind_it_by_a_key(client, world, role):
    host = world.person.memberships.get().organisation
    holder = member(role, host) if role == Role.SALARIE else member(role)
    key = give_key(holder, name="Autre", scopes=EVERYTHING)[1]
    found = walk(client, world, key)
    binding = {
        "filing_create",
        "deadline_set_aside",
        "va_record",
        "va_correct",
        "va_notify",
        "va_condition_validate",
        "pv_send",
        "pv_take_back",
    }
    allowed = {HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND}
    assert {name for name in binding if found[name] not in allowed} == set()
