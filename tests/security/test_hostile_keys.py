"""Primary keys that no database counts are keys of nothing, not errors of the site."""

from http import HTTPStatus

import pytest
from django.urls import reverse

from accounts.enums import Kind, Role
from tests.factories import OrganisationFactory, PrefigurateurFactory, member

WRONG = HTTPStatus.UNPROCESSABLE_ENTITY
KEYS = ["9" * 5000, "9" * 40, "9223372036854775808", "-1", "x\x00", "٣", "", "1.5"]


@pytest.fixture
def agent(client, calendars):
    user = member(Role.AGENT, OrganisationFactory(kind=Kind.ANS))
    client.force_login(user)
    return user


@pytest.mark.parametrize("key", KEYS, ids=[key[:20] for key in KEYS])
def test_a_key_of_nothing_is_reported(client, agent, key):
    PrefigurateurFactory()
    assigned = client.post(reverse("bulk", args=["affecter-pv"]), {"vus": key, "agent": key})
    asked = client.get(reverse("bulk", args=["demander-contacts"]), {"ligne": key})
    entered = client.get(reverse("prefigurateurs:create"), {"client": key})
    assert (assigned.status_code, asked.status_code) == (WRONG, HTTPStatus.OK)
    assert entered.status_code in {HTTPStatus.OK, HTTPStatus.NOT_FOUND}


def test_a_key_of_nothing_is_no_client_of_a_prestation(client, calendars):
    client.force_login(member(Role.MANDATAIRE, OrganisationFactory(kind=Kind.EDITEUR)))
    for key in KEYS:
        answer = client.get(reverse("prestations:create"), {"client": key})
        assert answer.status_code in {HTTPStatus.OK, HTTPStatus.NOT_FOUND}, key[:20]
