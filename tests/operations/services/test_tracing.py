"""One number from the proxy to the worker; lines that name nobody."""

import io
import json
import logging

import pytest
import structlog
from celery import shared_task
from django.test import Client

from operations.services import tracing
from segur.logs import line_formatter
from tests.addresses import addresses
from tests.factories import member

NUMBER = "0123456789abcdef0123456789abcdef"
SECRETS = ("Essai-Imagerie-2027", "csrfmiddlewaretoken")
log = logging.getLogger("tests.tracing")


@pytest.fixture
def lines():
    """What production writes on its output while the test runs."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(line_formatter(json=True))
    logging.getLogger().addHandler(handler)
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    logging.getLogger().removeHandler(handler)


@shared_task(name="tests.traced")
def traced():
    log.warning("in the task of jeanne@radiolune.example")


@pytest.mark.parametrize(
    ("is_behind", "given", "is_kept"),
    [
        (True, NUMBER, True),
        (False, NUMBER, False),
        (True, "short", False),
        (True, "x" * 65, False),
        (True, 'line\\n"break', False),
        (True, "", False),
    ],
)
def test_the_number_of_the_proxy_is_kept_where_there_is_one(
    client, settings, is_behind, given, is_kept
):
    settings.BEHIND_TLS_PROXY = is_behind
    number = client.get("/sante/", headers={"x-request-id": given})["X-Request-ID"]
    assert (number == given) is is_kept
    assert len(number) >= 8


def test_a_line_has_the_number_of_its_request_and_none_after_it(client, db, settings, lines):
    settings.BEHIND_TLS_PROXY = True
    client.get("/nulle-part/", headers={"x-request-id": NUMBER})
    log.warning("later")
    request, later = lines()
    assert request["request_id"] == NUMBER
    assert "request_id" not in later


def test_the_number_goes_with_the_task(lines):
    headers: dict[str, str] = {}
    with structlog.contextvars.bound_contextvars(request_id=NUMBER):
        tracing.give(headers=headers)
    assert headers == {tracing.HEADER: NUMBER}
    traced.apply(headers=headers)
    line, end = lines()
    assert end["request_id"] == NUMBER
    assert (line["request_id"], line["task"]) == (NUMBER, "tests.traced")
    assert line["event"] == "in the task of ‹adresse›"
    assert structlog.contextvars.get_contextvars() == {}


def test_a_task_of_the_clock_has_no_number_but_its_own(lines):
    traced.apply()
    line, _end = lines()
    assert "request_id" not in line
    assert line["task_id"]


@pytest.mark.django_db
def test_a_whole_walk_writes_no_address_and_no_secret(demo, lines):
    """Every plain page, as nobody, as a stranger and with a wrong password."""
    user = member()
    for client in (Client(), Client()):
        client.raise_request_exception = False
        for address in addresses():
            if address.is_plain and address.name not in {"account_logout", "programme:pdf"}:
                client.get(f"{next(address.urls())}?q={user.email}")
        client.post("/compte/login/", {"login": user.email, "password": SECRETS[0]})
        client.post("/rien/", {"email": user.email})
    written = "\n".join(json.dumps(line, ensure_ascii=False) for line in lines())
    assert "Not Found" in written
    assert user.email not in written
    assert "@" not in written
    assert not [secret for secret in SECRETS if secret in written]
