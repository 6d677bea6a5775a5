"""Logging in by a real provider of OpenID Connect on loopback, in a browser, and out of both."""

import json
import subprocess
import sys
from urllib.parse import urlsplit

import pytest
import requests
from django.utils import timezone
from requests.adapters import HTTPAdapter
from urllib3.util import Retry

from accounts.enums import Role
from accounts.models import User
from accounts.services.invitations import invitation_send
from segur import identity_providers
from tests.accounts.oidc.conftest import configured
from tests.by import acting
from tests.factories import OrganisationFactory, member
from tests.services import free_port

INVITED, STRANGER = "nouvelle@exemple.example", "inconnue@exemple.example"


@pytest.fixture
def provider():
    """A process of its own: its libraries warn, and warnings are errors here."""
    port = free_port()
    command = [sys.executable, "-m", "oidc_provider_mock", "--port", str(port)]
    for email in (INVITED, STRANGER):
        person = {"email": email, "email_verified": True, "name": "Nouvelle Personne"}
        command += ["--user-claims", json.dumps({"sub": f"sujet-{email}", **person})]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    url = f"http://localhost:{port}"
    retries = Retry(total=100, backoff_factor=0.1, backoff_max=0.3)
    with requests.Session() as session:
        session.mount(url, HTTPAdapter(max_retries=retries))
        session.get(f"{url}/.well-known/openid-configuration").raise_for_status()
    yield url
    process.terminate()
    process.wait()


def only_here(route):
    """The pages of the provider ask a server elsewhere for their style."""
    is_here = urlsplit(route.request.url).hostname == "localhost"
    return route.continue_() if is_here else route.fulfill(body="", content_type="text/css")


@pytest.fixture
def visitor(visit, live_server, calendars, settings, provider):
    settings.SITE_URL = live_server.url
    settings.OIDC_APPS = [configured(provider)]
    policy = {**settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]}
    policy["form-action"] = ["'self'", *identity_providers.origins(settings.OIDC_APPS)]
    settings.CONTENT_SECURITY_POLICY = {"DIRECTIVES": policy}
    visitor = visit(live_server.url)
    visitor.context.route("**/*", only_here)
    return visitor


def choose(visitor, email):
    """From the login page, by the button, as this person at the provider."""
    visitor.goto("/compte/login/")
    visitor.page.get_by_role("button", name="Se connecter avec Exemple Connect").click()
    visitor.page.get_by_role("button", name=f"sujet-{email}").click()


def test_an_invited_person_joins_comes_back_and_logs_out_of_both(visitor, provider):
    organisation = OrganisationFactory(name="Imagix Systèmes")
    by = acting(member(Role.MANDATAIRE, organisation), timezone.now())
    invitation_send(organisation=organisation, email=INVITED, role=Role.SALARIE, by=by)

    choose(visitor, INVITED)
    visitor.page.get_by_text("Vous rejoindrez").wait_for()
    assert visitor.page.get_by_role("listitem").filter(has_text="Imagix Systèmes").is_visible()
    assert not visitor.accessibility_problems()
    visitor.page.get_by_role("button", name="Créer mon compte").click()
    visitor.page.locator(".account summary").click()
    assert User.objects.get(email=INVITED).memberships.get().organisation == organisation

    visitor.page.get_by_role("button", name="Se déconnecter").click()
    visitor.page.wait_for_url(f"{provider}/oauth2/end_session**")
    visitor.page.get_by_role("button", name="End session").click()
    visitor.page.get_by_role("banner").get_by_role("link", name="Se connecter").wait_for()

    choose(visitor, INVITED)
    visitor.page.locator(".account summary").wait_for()
    visitor.goto("/compte/identites/")
    assert visitor.page.get_by_role("cell", name=INVITED).is_visible()
    assert not visitor.accessibility_problems()


def test_a_stranger_reads_why_they_are_not_let_in(visitor):
    choose(visitor, STRANGER)
    visitor.page.get_by_role("heading", name="Connexion refusée").wait_for()
    assert visitor.page.get_by_text(f"Aucune invitation n'attend l'adresse {STRANGER}").is_visible()
    assert not visitor.accessibility_problems()


def test_giving_up_at_the_provider_leads_to_a_page_of_the_site(visitor):
    visitor.goto("/compte/login/")
    assert not visitor.accessibility_problems()
    visitor.page.get_by_role("button", name="Se connecter avec Exemple Connect").click()
    visitor.page.get_by_role("button", name="Deny").click()
    visitor.page.get_by_role("heading", name="Connexion interrompue").wait_for()
