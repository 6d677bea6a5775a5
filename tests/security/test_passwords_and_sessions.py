"""Passwords as people choose them, sessions and secrets as the site draws them."""

import datetime as dt
import math
import re

import pytest
import time_machine
from allauth.mfa.totp.internal.auth import generate_totp_secret
from django.conf import settings
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.forms.login import SetPasswordForm
from tests.accounts.views.test_login import log_in
from tests.factories import member
from tests.pages import markup
from tests.segur.test_settings import PRODUCTION, read_settings

pytestmark = pytest.mark.django_db
EMAIL = "claire@exemple.example"
BITS = 128


@pytest.fixture
def user():
    return member(email=EMAIL)


@pytest.mark.parametrize(
    "password",
    [
        "cheval agrafe pile",
        "CHEVALAGRAFEPILE",
        "été-hiver-été-hi",
        "🐎 agrafe 🐎 pile",
        "a" * 3 + "zkrtw" * 3,
    ],
)
def test_no_rule_of_composition_is_asked_of_a_password(user, password):
    form = SetPasswordForm(user, {"password1": password, "password2": password})
    assert form.errors == {}


def test_a_password_does_not_end_by_calendar(client, user):
    with time_machine.travel(timezone.now() + dt.timedelta(days=3 * 365)):
        assert log_in(client, EMAIL)["Location"] == reverse("landing")


@pytest.mark.parametrize("name", ["account_login", "account_change_password"])
def test_a_password_is_masked_and_a_manager_may_fill_it_in(client, user, name):
    if name != "account_login":
        client.force_login(user)
    page = markup(client.get(reverse(name)))
    fields = re.findall(r'<input[^>]*name="[^"]*password[^"]*"[^>]*>', page)
    assert len(fields) == (1 if name == "account_login" else 3)
    for field in fields:
        assert re.search(r'type="password"', field)
        assert re.search(r'autocomplete="(?:current|new)-password"', field)


def test_production_keeps_passwords_by_a_slow_function():
    answer = read_settings(PRODUCTION, "hasattr(settings, 'PASSWORD_HASHERS')")
    assert answer.stdout == "False\n"  # those of Django, the first of which is this one
    assert PBKDF2PasswordHasher.algorithm == "pbkdf2_sha256"
    assert PBKDF2PasswordHasher.iterations >= 600_000  # OWASP, for SHA-256


def test_each_login_has_a_session_of_its_own(user):
    keys = set()
    for _ in range(3):
        other = Client()
        log_in(other, EMAIL)
        keys.add(other.session.session_key)
    assert len(keys) == 3


def test_a_key_that_a_visitor_invents_is_no_session(client, user):
    invented = "a" * 32
    client.cookies[settings.SESSION_COOKIE_NAME] = invented
    log_in(client, EMAIL)
    assert client.session.session_key != invented
    assert not Session.objects.filter(pk=invented).exists()


def test_keys_of_sessions_cannot_be_guessed(user):
    found = []
    for _ in range(20):
        other = Client()
        log_in(other, EMAIL)
        found.append(other.session.session_key)
    letters = set("".join(found))
    assert len(set(found)) == len(found)
    assert len(found[0]) * math.log2(len(letters)) >= BITS


def test_seeds_of_applications_cannot_be_guessed():
    seeds = {generate_totp_secret() for _ in range(100)}
    assert len(seeds) == 100
    assert {len(seed) for seed in seeds} == {32}  # of base 32: 160 bits
