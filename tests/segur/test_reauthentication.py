"""What touches security asks for a proof of the last quarter of an hour."""

from http import HTTPStatus

import pytest
from django.urls import reverse

from accounts.enums import Role
from accounts.models import Invitation
from tests.accounts.moments import later
from tests.factories import MembershipFactory, OrganisationFactory, UserFactory, member
from tests.pages import markup, text

pytestmark = pytest.mark.django_db
PASSWORD = "mot de passe de test"


@pytest.fixture
def host():
    return OrganisationFactory()


SENSITIVE = {
    "account_set_password": Role.SALARIE,
    "accounts:api_tokens": Role.MANDATAIRE,
    "accounts:api_token_revoke": Role.MANDATAIRE,
    "accounts:api_token_take_over": Role.MANDATAIRE,
    "accounts:invite": Role.MANDATAIRE,
    "accounts:member_edit": Role.MANDATAIRE,
    "accounts:member_remove": Role.MANDATAIRE,
    "accounts:invitation_resend": Role.MANDATAIRE,
    "accounts:invitation_revoke": Role.MANDATAIRE,
    "accounts:client_merge": Role.RESPONSABLE,
    "accounts:organisation_confirm": Role.RESPONSABLE,
    "calendars:subscription": Role.SALARIE,
    "imports:choose": Role.RESPONSABLE,
    "imports:check": Role.RESPONSABLE,
    "parameters:amend": Role.RESPONSABLE,
    "parameters:retire": Role.RESPONSABLE,
    "privacy:erasure": Role.RESPONSABLE,
    "privacy:export_other": Role.RESPONSABLE,
    "privacy:archive": Role.MANDATAIRE,
    "publications:decide": Role.RESPONSABLE,
    "publications:withdraw": Role.RESPONSABLE,
    "publications:propose_again": Role.RESPONSABLE,
    "webhooks:index": Role.MANDATAIRE,
    "webhooks:detail": Role.MANDATAIRE,
    "webhooks:secret": Role.MANDATAIRE,
    "webhooks:trial": Role.MANDATAIRE,
    "webhooks:disable": Role.MANDATAIRE,
    "webhooks:enable": Role.MANDATAIRE,
    "webhooks:delete": Role.MANDATAIRE,
    "webhooks:replay_dead": Role.MANDATAIRE,
    "webhooks:replay": Role.MANDATAIRE,
}
"""Of these, no object need exist: the proof is asked for before it is looked up."""


WITHOUT_KEY = {
    "account_set_password",
    "accounts:api_tokens",
    "calendars:subscription",
    "webhooks:index",
}


def address(name):
    if name in WITHOUT_KEY:
        return reverse(name)
    if name.startswith("imports:"):
        return reverse(name, args=["organisations"])
    return reverse(name, args=["perf.gti" if name == "parameters:amend" else 1])


ONLY_POSTED = {
    "privacy:export_other",
    "accounts:organisation_confirm",
    "accounts:api_token_take_over",
    "accounts:member_remove",
    "accounts:invitation_resend",
    "accounts:invitation_revoke",
    "webhooks:secret",
    "webhooks:trial",
    "webhooks:disable",
    "webhooks:enable",
    "webhooks:replay_dead",
    "webhooks:replay",
}
SENT = [
    (method, name, role)
    for name, role in SENSITIVE.items()
    for method in ("get", "post")
    if not (method == "get" and name in ONLY_POSTED)
]


@pytest.mark.parametrize(("method", "name", "role"), SENT)
def test_it_is_asked_for_after_a_quarter_of_an_hour(client, method, name, role):
    client.force_login(member(role))
    with later(minutes=15):
        response = getattr(client, method)(address(name))
    assert response.status_code == HTTPStatus.FOUND
    assert response["Location"].startswith(reverse("account_reauthenticate"))


def test_not_before(client):
    client.force_login(member())
    with later(minutes=14, seconds=59):
        assert client.get(reverse("accounts:api_tokens")).status_code == HTTPStatus.OK


def test_what_was_typed_is_given_back_after_the_proof(client, host):
    lead = member(organisation=host)
    client.force_login(lead)
    page = reverse("accounts:organisation")
    with later(minutes=20):
        client.get(page)
        sent = client.post(
            reverse("accounts:invite", args=[host.pk]),
            {"email": "nouvelle@exemple.example", "role": Role.SALARIE},
            headers={"Referer": f"http://testserver{page}"},
        )
        assert not Invitation.objects.exists()
        confirm = client.get(sent["Location"])
        assert "votre saisie vous sera rendue" in text(confirm)
        back = client.post(sent["Location"], {"password": PASSWORD})
        assert back["Location"] == page
        assert 'value="nouvelle@exemple.example"' in markup(client.get(page))


def test_a_wrong_password_proves_nothing(client, host):
    client.force_login(member(organisation=host))
    other = MembershipFactory(organisation=host, user=UserFactory())
    url = reverse("accounts:member_edit", args=[other.pk])
    with later(minutes=20):
        confirm = client.get(url)["Location"]
        assert "pas votre mot de passe" in text(client.post(confirm, {"password": "faux"}))
        assert client.get(url).status_code == HTTPStatus.FOUND


def test_a_part_asked_for_by_htmx_leads_the_page_to_the_proof(client):
    client.force_login(member())
    with later(minutes=20):
        part = client.get(reverse("accounts:api_tokens"), headers={"HX-Request": "true"})
    assert part["HX-Redirect"].startswith(reverse("account_reauthenticate"))
