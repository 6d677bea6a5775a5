"""What an address gives, and what it never does, asked by a real request."""

import re

import pytest
from django.conf import settings
from django.urls import reverse

from accounts.enums import Role, Theme
from accounts.models import User
from documents.services import uploads
from journal.models import Entry
from tests.factories import SolutionFactory, member
from tests.pages import markup

pytestmark = pytest.mark.django_db
PAGE = (settings.BASE_DIR / "docs" / "security.md").read_text()
LOGIN = "account_login"

KINDS = {
    "/": "text/html; charset=utf-8",
    "/nulle-part/": "text/html; charset=utf-8",
    "/calendriers/ris.ics": "text/calendar; charset=utf-8",
    "/installations-reussies/flux.atom": "application/atom+xml; charset=utf-8",
    "/installations-reussies.json": "application/json",
    "/api/v1/openapi.json": "application/json",
    "/api/v1/nulle-part": "application/problem+json",
    "/api/v1/nulle%0Apart": "application/problem+json",
    "/robots.txt": "text/plain; charset=utf-8",
    "/sante/": "application/json",
}


@pytest.mark.usefixtures("calendars")
@pytest.mark.parametrize("address", KINDS)
def test_the_content_type_says_what_is_sent(client, address):
    assert client.get(address)["Content-Type"] == KINDS[address]


@pytest.mark.parametrize(
    "address",
    [
        *("/.git/config", "/.git/HEAD", "/.env", "/static/.git/config", "/static/../manage.py"),
        *("/static/", "/static/segur/", "/media/", "/var/db.sqlite3", "/requirements/run.txt"),
    ],
)
def test_neither_the_source_nor_a_list_of_files_is_given(client, address):
    assert client.get(address).status_code == 404


INJECTIONS = [
    "' OR '1'='1",
    "'; DROP TABLE accounts_user; --",
    '" UNION SELECT 1 --',
    "%' --",
    "\\",
]


@pytest.mark.parametrize("words", INJECTIONS)
@pytest.mark.parametrize("address", ["/recherche/", "/solutions/", "/echeances/", "/prestations/"])
@pytest.mark.usefixtures("calendars")
def test_what_is_searched_is_never_a_part_of_the_query(client, words, address):
    user = member(Role.MANDATAIRE)
    SolutionFactory(name="Secrète")
    client.force_login(user)
    response = client.get(address, {"q": words})
    assert response.status_code == 200
    assert "Secrète" not in markup(response)
    assert User.objects.filter(pk=user.pk).exists()


FORGED = {"is_staff": "on", "is_superuser": "on", "is_active": "", "role": "MANDATAIRE", "id": "1"}


def test_a_field_that_the_form_does_not_have_changes_nothing(client):
    user = member(Role.SALARIE, full_name="Claire Fictive")
    client.force_login(user)
    client.post(
        reverse("accounts:profile"), {"full_name": "Zoé Fictive", "theme": Theme.DARK, **FORGED}
    )
    after = User.objects.get(pk=user.pk)
    assert after.full_name == "Zoé Fictive"
    assert (after.is_staff, after.is_superuser, after.is_active) == (False, False, True)
    assert after.memberships.get().role == Role.SALARIE


@pytest.mark.parametrize("name", [LOGIN, "account_reset_password"])
def test_the_server_refuses_what_the_browser_was_to_refuse(client, name):
    response = client.post(reverse(name), {"login": "sans arobase", "email": "sans arobase"})
    assert response.status_code == 200
    assert "aria-invalid" in markup(response)


def test_an_entry_says_who_did_what_on_what_when_and_by_what(client):
    user = member(email="claire@exemple.example")
    client.post(reverse(LOGIN), {"login": user.email, "password": "mot de passe de test"})
    entry = Entry.objects.latest("pk")
    assert (entry.signer.user_id, entry.subject_id, entry.origin) == (user.pk, user.pk, "ECRAN")
    assert entry.act.startswith("security.")
    assert entry.at.utcoffset().total_seconds() == 0


def test_the_page_of_security_says_what_files_are_taken():
    files = PAGE.partition("## Files")[2].partition("## ")[0]
    others = set(uploads.CONTENT_TYPES) - set(uploads.JPEG)
    kinds = {"JPEG", *(suffix[1:].upper() for suffix in others)}
    [listed] = re.findall(r"Accepted as a proof: (.+?)\. ", files)
    assert set(listed.split(", ")) == kinds
    assert f"{settings.PROOF_MAX_BYTES // 1024**2} MB each" in files
