"""The API keeps to its OpenAPI document, whatever it is sent: schemathesis makes it up, with values
that the document allows and that it does not, on rows that exist and on none.

A few cases of each operation in `make test`; with `-m long`, more than 5,000 for each role.
"""

import json
from collections import Counter
from contextlib import suppress
from functools import partial

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from jsonschema_rs import is_valid
from schemathesis import GenerationMode
from schemathesis.core.parameters import ParameterLocation
from schemathesis.specs.openapi.checks import (
    negative_data_rejection,
    positive_data_acceptance,
)

from accounts.enums import Role
from api.enums import Scope
from api.operations import MULTIPART
from api.site import TAGS
from segur.lib.texts import clean, fold
from segur.wsgi import application
from tests.factories import member
from tests.keys import EVERYTHING, give_key

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("calendars", "_one_connection")]

PLACES = {"path": "path_parameters", "header": "headers"}
"""Of a parameter → where a case has it."""
FEW, MANY, ENOUGH = 2, 110, 100
"""Cases of one operation; 5,000 for each role are `ENOUGH` for each of fifty."""


def site(environ, start_response):
    """The site, with the address of the caller as a server gives it."""
    return application({"REMOTE_ADDR": "127.0.0.1", **environ}, start_response)


refusals = [*(400, 401, 403, 404, 405, 406, 409, 412, 413, 415, 422, 428, 429), "5xx"]
"""Of what is wrong. The version that `If-Match` names is compared before the body is read."""
config = schemathesis.Config.from_dict(
    {"checks": {"negative_data_rejection": {"expected-statuses": refusals}}}
)
document = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", site, config=config)


@pytest.fixture
def _one_connection():
    """As Django's own test client does: a request made in the test's transaction keeps it."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def not_checked(case):
    """Well-formed values may be refused by other rules: a day to come, a row that does not exist, a
    state that does not allow the act. A value that is wrong may be right once it is sent.
    """
    wrong = [place for place, part in case.meta.components.items() if part.mode.is_negative]
    becomes_right = wrong and all(map(partial(is_right_once_sent, case), wrong))
    return [positive_data_acceptance, *([negative_data_rejection] if becomes_right else [])]


def is_right_once_sent(case, place):
    raw = document.raw_schema
    operation = raw["paths"][case.operation.path][case.method.lower()]
    if place == ParameterLocation.BODY:
        return is_body_right(case, operation["requestBody"], raw["components"])
    known = {one["name"]: one for one in operation["parameters"] if one["in"] == place.value}
    values = getattr(case, f"{PLACES.get(place.value, place.value)}") or {}
    sent = {name: value for name, value in values.items() if value not in (None, [], {})}
    sent.pop("Authorization", None)  # ours takes its place
    missing = {name for name, one in known.items() if one.get("required")} - sent.keys()
    return not missing and all(
        name in known
        and is_text_right({**known[name]["schema"], "components": raw["components"]}, value)
        for name, value in sent.items()
    )


def is_text_right(schema, value):
    """In an address or a header all is text: «3» is a number."""
    found = [value, str(value)]
    with suppress(ValueError):
        found.append(json.loads(str(value)))
    return any(is_valid(schema, one) for one in found)


def is_body_right(case, asked, components):
    """In a form all is text: an object is a form of some fields, anything else is none. In JSON the
    API cleans or folds texts first: what is left is compared with the document."""
    if case.media_type == MULTIPART:
        return isinstance(case.body, dict)
    schema = {**asked["content"]["application/json"]["schema"], "components": components}
    try:
        return any(is_valid(schema, with_texts(case.body, rule)) for rule in (clean, fold))
    except ValueError:  # no value of JSON: bytes, or nothing
        return False


def with_texts(value, rule):
    if isinstance(value, str):
        return rule(value).strip()
    if isinstance(value, list):
        return [with_texts(one, rule) for one in value]
    if isinstance(value, dict):
        return {name: with_texts(one, rule) for name, one in value.items()}
    return value


def key_of(world, role):
    if role == "supervision":
        return give_key(member(Role.RESPONSABLE), scopes=[Scope.SUPERVISION])[1]
    host = world.person.memberships.get().organisation
    holder = {
        "mandataire": lambda: world.person,
        "salarie": lambda: member(Role.SALARIE, host),
        "outsider": lambda: member(Role.MANDATAIRE),
        "agent": lambda: member(Role.AGENT),
    }[role]()
    return give_key(holder, name=role, scopes=EVERYTHING)[1]


def cases_of(operation, world):
    """Allowed and not, of the row of the world where the address has one, and of any."""
    row = world.objects.get(operation.path)
    chosen = [{}, {"path_parameters": row}] if row else [{}]
    modes = (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)
    strategies = [
        operation.as_strategy(generation_mode=mode, **values) for values in chosen for mode in modes
    ]
    return st.one_of(*strategies)


def operations(tag=None):
    every = [found.ok() for found in document.get_all_operations()]
    return [one for one in every if tag is None or tag in (one.tags or [])]


def try_everything(world, role, examples, tag=None):
    """Status → how many answers had it."""
    headers, statuses = {"Authorization": f"Bearer {key_of(world, role)}"}, Counter()
    for operation in operations(tag):

        @hypothesis_settings(
            max_examples=examples,
            deadline=None,
            derandomize=True,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(case=cases_of(operation, world))
        def check(case):
            answer = case.call_and_validate(headers=headers, excluded_checks=not_checked(case))
            statuses[answer.status_code] += 1

        check()
    return statuses


def test_every_answer_is_one_that_the_document_describes(world):
    statuses = try_everything(world, "mandataire", FEW)
    assert {200, 404, 422} <= statuses.keys()
    assert 429 not in statuses


@pytest.mark.long
@pytest.mark.parametrize("tag", TAGS)
@pytest.mark.parametrize("role", ["mandataire", "salarie", "outsider", "agent", "supervision"])
def test_every_answer_to_every_role_is_one_that_the_document_describes(world, role, tag):
    statuses = try_everything(world, role, MANY, tag)
    print(f"{role}, {tag}: {statuses.total()} cases, {dict(sorted(statuses.items()))}")  # noqa: T201
    assert statuses.total() >= ENOUGH * len(operations(tag))
