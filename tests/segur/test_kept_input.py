"""A form sent after the session has ended, or too late, comes back filled after the login."""

import datetime as dt
from urllib.parse import urlsplit

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accounts.enums import Role
from calendar_app.models import Solution
from segur.kept_input import COOKIE, KEPT_SECONDS, LONGEST
from tests.browser_forms import form_with
from tests.factories import DeadlineFactory, PrestationFactory, member
from tests.pages import text

pytestmark = pytest.mark.usefixtures("_no_rate_limit", "calendars")
PASSWORD = "mot de passe de test"
HOST = "http://testserver"


@pytest.fixture
def browser():
    return Client(enforce_csrf_checks=True)


@pytest.fixture
def user(browser):
    person = member(Role.MANDATAIRE)
    browser.force_login(person)
    return person


@pytest.fixture
def prestation(user):
    return PrestationFactory(
        organisation=user.memberships.get().organisation,
        supplier__solution__organisation=user.memberships.get().organisation,
    )


def send(browser, page, data, action=None):
    return browser.post(action or page, data, headers={"Referer": f"{HOST}{page}", "Origin": HOST})


def end_session(browser):
    del browser.cookies["sessionid"]


def log_in(browser, user, response):
    """By the login page that the response leads to; the page that comes after it."""
    form = form_with(browser.get(response["Location"]), "password")
    form |= {"login": [user.email], "password": [PASSWORD]}
    done = browser.post(urlsplit(response["Location"]).path, form)
    return browser.get(done["Location"])


FORMS = {
    "name of a person": ("accounts:profile", {"full_name": ["Claire « Nom » <Long>"]}),
    "ticks and choices": ("reminders:preferences", {"steps": ["7", "1"]}),
    "a new solution": ("solutions:create", {"name": ["RIS & fils"], "version": ["2.1"]}),
    "a new Client": ("accounts:client_create", {"name": ["Clinique Neuve"], "finess": ["12"]}),
    "choice of a list": ("solutions:create", {"name": ["RIS"], "market": ["AUTOEDITEE"]}),
}


@pytest.mark.parametrize(("name", "typed"), FORMS.values(), ids=FORMS)
def test_what_was_typed_is_in_the_form_after_the_login(browser, user, name, typed):
    page = reverse(name)
    field = next(iter(typed))
    form = {**form_with(browser.get(page), field), **typed}
    end_session(browser)

    refused = send(browser, page, form)
    shown = log_in(browser, user, refused)

    assert refused["Location"] == f"{reverse('account_login')}?next={page}"
    assert "Votre saisie est rétablie, rien n'est encore enregistré." in text(shown)
    found = form_with(shown, field)
    assert {name: found.get(name) for name in form if name != "csrfmiddlewaretoken"} == {
        name: values for name, values in form.items() if name != "csrfmiddlewaretoken"
    }


def test_the_form_given_back_can_be_sent(browser, user):
    page = reverse("accounts:profile")
    form = form_with(browser.get(page), "full_name") | {"full_name": ["Claire Nouvelle"]}
    end_session(browser)
    shown = log_in(browser, user, send(browser, page, form))
    user.refresh_from_db()
    assert user.full_name != "Claire Nouvelle"

    send(browser, page, form_with(shown, "full_name"))

    user.refresh_from_db()
    assert user.full_name == "Claire Nouvelle"
    assert "Votre saisie est rétablie" not in text(browser.get(page))


def test_files_are_named_and_the_rest_is_kept(browser, user, prestation):
    milestone = prestation.dispositif.milestones.get(number=4)
    deadline = DeadlineFactory(solution=None, prestation=prestation, milestone=milestone)
    page = reverse("deadlines:prepare", args=[deadline.pk])
    form = form_with(browser.get(page), "comment") | {"comment": ["Deux\nlignes"]}
    file = SimpleUploadedFile("accusé.pdf", b"%PDF-1.4", "application/pdf")
    end_session(browser)

    shown = log_in(browser, user, send(browser, page, {**form, "proofs": [file]}))

    assert "À joindre à nouveau : accusé.pdf." in text(shown)
    assert form_with(shown, "comment")["comment"] == ["Deux\nlignes"]


def test_a_form_older_than_its_token_is_given_back_at_once(browser, user):
    page = reverse("accounts:profile")
    form = form_with(browser.get(page), "full_name") | {"full_name": ["Claire Tard"]}
    form["csrfmiddlewaretoken"] = ["a" * 64]

    refused = send(browser, page, form)
    shown = browser.get(refused["Location"])

    assert form_with(shown, "full_name")["full_name"] == ["Claire Tard"]
    assert "Ce formulaire était ouvert depuis trop longtemps" in text(shown)


@pytest.mark.parametrize("origin", ["https://autre.example", "null", None])
def test_what_another_site_sends_is_never_written_in_a_form(browser, user, origin):
    page = reverse("accounts:profile")
    headers = {"Referer": f"{HOST}{page}"} | ({"Origin": origin} if origin else {})
    refused = browser.post(page, {"full_name": "Pirate"}, headers=headers)

    assert refused.status_code == 403
    assert "Pirate" not in text(browser.get(page))


def test_another_person_is_given_nothing(browser, user):
    page = reverse("accounts:profile")
    form = form_with(browser.get(page), "full_name") | {"full_name": ["Claire Secrète"]}
    end_session(browser)
    refused = send(browser, page, form)

    other = member()
    assert "Claire Secrète" not in text(log_in(browser, other, refused))
    browser.force_login(user)
    assert "Votre saisie est rétablie" not in text(browser.get(page))


def test_who_logs_out_leaves_nothing(browser, user):
    page = reverse("accounts:profile")
    form = form_with(browser.get(page), "full_name") | {"full_name": ["Claire Partie"]}
    assert browser.cookies[COOKIE].value
    browser.post(reverse("account_logout"), {"csrfmiddlewaretoken": form["csrfmiddlewaretoken"]})
    assert browser.cookies[COOKIE].value == ""

    refused = send(browser, page, form)

    assert "Votre saisie" not in text(browser.get(refused["Location"]))


def test_passwords_are_not_kept(browser, user):
    page = reverse("account_change_password")
    form = form_with(browser.get(page), "password1")
    form |= {"oldpassword": ["x"], "password1": ["y"], "password2": ["y"]}
    end_session(browser)
    shown = log_in(browser, user, send(browser, page, form))
    assert "Votre saisie" not in text(shown)


@pytest.mark.parametrize(("seconds", "is_kept"), [(KEPT_SECONDS - 5, True), (KEPT_SECONDS, False)])
def test_it_is_kept_for_an_hour(browser, user, seconds, is_kept):
    page = reverse("accounts:profile")
    now = dt.datetime(2026, 12, 1, 9, tzinfo=dt.UTC)
    with time_machine.travel(now, tick=False) as clock:
        browser.force_login(user)
        form = form_with(browser.get(page), "full_name") | {"full_name": ["Claire Lente"]}
        end_session(browser)
        refused = send(browser, page, form)
        clock.shift(seconds)
        shown = log_in(browser, user, refused)
        assert (form_with(shown, "full_name")["full_name"] == ["Claire Lente"]) is is_kept


@pytest.mark.parametrize(("length", "is_kept"), [(LONGEST - 100, True), (LONGEST + 1, False)])
def test_a_form_too_long_is_not_kept(browser, user, length, is_kept):
    page = reverse("solutions:create")
    form = form_with(browser.get(page), "name") | {"name": ["x" * length]}
    end_session(browser)
    shown = log_in(browser, user, send(browser, page, form))
    assert ("Votre saisie est rétablie" in text(shown)) is is_kept


def test_where_the_form_is_gone_what_was_typed_is_shown(browser, user, prestation):
    page = reverse("prestations:detail", args=[prestation.pk])
    browser.get(page)
    token = browser.cookies["csrftoken"].value
    end_session(browser)
    refused = send(
        browser,
        page,
        {"csrfmiddlewaretoken": token, "reason": "Le Client a renoncé."},
        action=reverse("solutions:create"),
    )
    shown = text(log_in(browser, user, refused))
    assert "cette page n'a plus son formulaire" in shown
    assert "Le Client a renoncé." in shown
    assert not Solution.objects.filter(name="Le Client a renoncé.").exists()
