"""An authenticator application and a passkey in a real browser, with a virtual authenticator."""

import re

import pytest

from tests.accounts.second_factors import code
from tests.factories import member

PAGE = "/compte/double-authentification/"
PASSWORD = "mot de passe de test"

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def visitor(visit, live_server):
    """At `localhost`: an IP address is no domain of WebAuthn."""
    return visit(live_server.url.replace("127.0.0.1", "localhost"))


@pytest.fixture
def user(live_server, calendars):
    return member(full_name="Jeanne Fictive")


def plug_in(visitor, *, verifies):
    """An authenticator of the browser. `verifies`: whether its owner passes its own check."""
    cdp = visitor.context.new_cdp_session(visitor.page)
    cdp.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": verifies,
        "automaticPresenceSimulation": True,
    }
    added = cdp.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return cdp, added["authenticatorId"]


def log_in(visitor, user):
    visitor.goto("/compte/login/")
    visitor.page.get_by_label("Adresse électronique").fill(user.email)
    visitor.page.get_by_label("Mot de passe").fill(PASSWORD)
    visitor.page.get_by_role("button", name="Se connecter", exact=True).click()
    visitor.page.wait_for_load_state()


def log_out(visitor):
    visitor.goto("/compte/logout/")
    visitor.page.locator("main").get_by_role("button", name="Se déconnecter").click()
    visitor.page.wait_for_url("**/")


def who_is_in(visitor):
    return visitor.page.locator(".account-name").inner_text()


def add_passkey(visitor, name):
    visitor.goto(f"{PAGE}cles/nouvelle/")
    visitor.page.get_by_label("Nom de la clé").fill(name)
    visitor.page.get_by_role("button", name="Ajouter la clé d'accès").click()


def test_an_application_is_activated_then_asked_for_and_the_device_remembered(visitor, user):
    log_in(visitor, user)
    visitor.goto(PAGE)
    assert visitor.accessibility_problems() == []
    visitor.page.get_by_role("link", name="Activer une application").click()
    assert visitor.accessibility_problems() == []
    secret = re.sub(r"\s", "", visitor.page.locator(".code-words").inner_text())
    visitor.page.get_by_label("Code", exact=True).fill(code(secret))
    visitor.page.get_by_role("button", name="Activer").click()
    visitor.page.wait_for_url("**/codes/")
    spares = visitor.page.get_by_label("Vos 10 codes de secours").input_value().split()
    assert len(spares) == 10

    log_out(visitor)
    log_in(visitor, user)
    assert visitor.page.get_by_role("heading", name="Second facteur").is_visible()
    assert visitor.accessibility_problems() == []
    visitor.page.get_by_label("Code", exact=True).fill(code(secret))
    visitor.page.get_by_role("button", name="Se connecter", exact=True).click()
    visitor.page.get_by_role("button", name="Retenir cet appareil").click()
    assert who_is_in(visitor) == user.full_name

    log_out(visitor)
    log_in(visitor, user)
    assert who_is_in(visitor) == user.full_name


def test_a_passkey_is_added_then_opens_the_site_alone(visitor, user):
    cdp, key = plug_in(visitor, verifies=True)
    log_in(visitor, user)
    add_passkey(visitor, "Ordinateur du bureau")
    visitor.page.wait_for_url("**/codes/")
    stored = cdp.send("WebAuthn.getCredentials", {"authenticatorId": key})["credentials"]
    assert [(one["isResidentCredential"], one["rpId"]) for one in stored] == [(True, "localhost")]
    visitor.goto(f"{PAGE}cles/")
    row = visitor.page.get_by_role("row", name="Ordinateur du bureau")
    assert row.get_by_text("Seule, ou après le mot de passe").is_visible()

    log_out(visitor)
    visitor.goto("/compte/login/")
    visitor.page.get_by_role("button", name="Se connecter avec une clé d'accès").click()
    assert who_is_in(visitor) == user.full_name


def test_a_passkey_comes_after_the_password(visitor, user):
    plug_in(visitor, verifies=True)
    log_in(visitor, user)
    add_passkey(visitor, "Téléphone")
    visitor.page.wait_for_url("**/codes/")
    log_out(visitor)
    log_in(visitor, user)
    visitor.page.get_by_role("button", name="Utiliser une clé d'accès").click()
    visitor.page.get_by_role("button", name="Ne pas le retenir").click()
    assert who_is_in(visitor) == user.full_name


def test_a_key_that_does_not_know_its_owner_opens_nothing_and_the_page_says_so(visitor, user):
    cdp, key = plug_in(visitor, verifies=True)
    log_in(visitor, user)
    add_passkey(visitor, "Ordinateur du bureau")
    visitor.page.wait_for_url("**/codes/")
    log_out(visitor)
    cdp.send("WebAuthn.setUserVerified", {"authenticatorId": key, "isUserVerified": False})
    visitor.goto("/compte/login/")
    visitor.page.get_by_role("button", name="Se connecter avec une clé d'accès").click()
    visitor.page.get_by_text("La clé d'accès n'a pas répondu").wait_for()
    assert "/compte/login/" in visitor.page.url
