"""Primary keys that no database counts are keys of nothing, not errors of the site."""

from http import HTTPStatus

import pytest
from django.urls import reverse

from accounts.enums import Kind, Role
from tests.factories import OrganisationFactory, PrefigurateurFactory, member

KEYS = ["9" * 5000, "9" * 40, "9223372036854775808", "-1", "x\x00", "٣", "", "1.5"]
FOUND, WRONG = HTTPStatus.FOUND, HTTPStatus.UNPROCESSABLE_ENTITY


@pytest.fixture
def agent(client, calendars):
    user = member(Role.AGENT, OrganisationFactory(kind=Kind.ANS))
    client.force_login(user)
    return user


@pytest.mark.parametrize("key", KEYS, ids=[key[:20] for key in KEYS])
def test_a_key_of_nothing_is_reported(client, agent, key):
    PrefigurateurFactory()
    assigned = client.post(reverse("review:assign"), {"pv": [key], "agent": key})
    asked = client.post(
        reverse("prefigurateurs:ask"), {"prefigurateurs": [key], "due_on": "2026-12-11"}
    )
    entered = client.get(reverse("prefigurateurs:create"), {"client": key})
    assert (assigned.status_code, asked.status_code) == (FOUND, WRONG)
    assert entered.status_code in {HTTPStatus.OK, HTTPStatus.NOT_FOUND}


def test_a_key_of_nothing_is_no_client_of_a_prestation(client, calendars):
    client.force_login(member(Role.MANDATAIRE, OrganisationFactory(kind=Kind.EDITEUR)))
    for key in KEYS:
        answer = client.get(reverse("prestations:create"), {"client": key})
        assert answer.status_code in {HTTPStatus.OK, HTTPStatus.NOT_FOUND}, key[:20]


@pytest.mark.parametrize(
    "address", ["//evil.example", "https://evil.example/", "perf:index", "02:30", "a\x00b", "-1"]
)
def test_one_comes_back_to_a_page_of_this_site_only(client, agent, address):
    answer = client.post(reverse("review:assign"), {"pv": ["1"], "next": address})
    assert (answer.status_code, answer["Location"]) == (FOUND, reverse("review:index"))
