"""Every kind of answer carries the same protections, whatever made it."""

import re

import pytest
from django.contrib.auth.decorators import login_not_required
from django.urls import path, reverse

from accounts.enums import Role
from accounts.models import User
from calendar_app.demo import cast
from calendar_app.models import Proof
from segur import urls
from segur.views import bad_request, server_error
from tests.factories import member

HOST = "echeances.example"


@login_not_required
def fails(request):
    raise ValueError("a fault of the test")


urlpatterns = [path("casse/", fails), *urls.urlpatterns]
handler400 = bad_request
handler500 = server_error


@pytest.fixture
def https(client, settings, demo):
    """As in production behind TLS."""
    settings.SECURE_HSTS_SECONDS = 365 * 24 * 3600
    settings.SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    settings.SECURE_SSL_REDIRECT = True
    settings.ALLOWED_HOSTS = [HOST]
    settings.ROOT_URLCONF = __name__
    settings.WHITENOISE_USE_FINDERS = True
    client.raise_request_exception = False
    client.defaults["HTTP_HOST"] = HOST
    return client


def as_person(client):
    client.force_login(User.objects.get(email=cast.MANDATAIRE.email))


def as_technician(client):
    client.force_login(member(Role.MANDATAIRE, is_staff=True, is_superuser=True))


def nobody(_client):
    """Without any login."""


def proof():
    return reverse("deadlines:proof", args=[Proof.objects.first().pk])


KINDS = {
    "public page": (nobody, lambda: reverse("home"), 200),
    "page of a person": (as_person, lambda: reverse("deadlines:index"), 200),
    "redirect to the login": (nobody, lambda: reverse("deadlines:index"), 302),
    "error 404": (nobody, lambda: "/nulle-part/", 404),
    "error 404 of a person": (as_person, lambda: "/echeances/999999/", 404),
    "refusal 403": (as_person, lambda: reverse("accounts:organisation_create"), 403),
    "refusal 405": (as_person, lambda: reverse("accounts:switch"), 405),
    "failure 500": (nobody, lambda: "/casse/", 500),
    "health": (nobody, lambda: reverse("liveness"), 200),
    "static file": (nobody, lambda: "/static/segur/base.css", 200),
    "missing static file": (nobody, lambda: "/static/segur/nothing.css", 404),
    "joined file": (as_technician, proof, 404),
    "refusal of the API": (nobody, lambda: reverse("api:outages"), 401),
    "description of the API": (nobody, lambda: reverse("api:openapi"), 200),
    "documentation of the API": (nobody, lambda: reverse("api:docs"), 200),
    "iCalendar": (nobody, lambda: reverse("calendars:feed", args=["ris"]), 200),
    "Atom": (nobody, lambda: reverse("publications:feed"), 200),
    "open data, JSON": (nobody, lambda: reverse("programme:json"), 200),
    "open data, CSV": (nobody, lambda: reverse("programme:csv"), 200),
    "page of the admin": (as_technician, lambda: reverse("admin:index"), 200),
    "robots.txt": (nobody, lambda: reverse("robots"), 200),
}
EXPECTED = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "Strict-Transport-Security": "max-age=31536000; includeSubDomains",
}


def assert_protected(answer):
    got = {name: answer.headers.get(name) for name in EXPECTED}
    assert got == EXPECTED
    assert "camera=()" in answer.headers["Permissions-Policy"]
    policy = answer.headers["Content-Security-Policy"]
    assert re.search(r"default-src 'self'(;|$)", policy)
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy


@pytest.mark.parametrize(("log_in", "address", "status"), KINDS.values(), ids=KINDS)
def test_every_kind_of_answer_is_protected(https, log_in, address, status):
    log_in(https)
    answer = https.get(address(), secure=True)
    answer.getvalue()  # a static file is open until it has been read
    assert answer.status_code == status
    assert_protected(answer)


def test_a_file_that_is_given_is_protected(https):
    proof = Proof.objects.first()
    owner = proof.filing.deadline.organisation.memberships.first().user
    https.force_login(owner)
    answer = https.get(reverse("deadlines:proof", args=[proof.pk]), secure=True)
    assert answer.status_code == 200
    answer.getvalue()
    assert_protected(answer)


def test_an_answer_to_an_unknown_host_is_protected(https):
    answer = https.get("/", secure=True, headers={"host": "ailleurs.example"})
    assert answer.status_code == 400
    assert_protected(answer)


def test_plain_http_is_led_to_https_with_the_same_protections(https):
    answer = https.get("/aide/")
    assert (answer.status_code, answer["Location"]) == (301, f"https://{HOST}/aide/")
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert "default-src 'self'" in answer.headers["Content-Security-Policy"]


def test_no_page_has_inline_style_or_script(https):
    for log_in, address, _status in KINDS.values():
        log_in(https)
        answer = https.get(address(), secure=True)
        answer.getvalue()
        if not answer.headers["Content-Type"].startswith("text/html"):
            continue
        page = answer.content.decode()
        assert not re.findall(r"<script(?![^>]*\bsrc=)(?![^>]*type=\"application/json\")", page)
        assert not re.findall(r"<style|\sstyle=\"|\son\w+=\"", page)


def test_cookies_under_https_belong_to_this_site_alone(https, settings):
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = True
    settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME = "__Host-session", "__Host-csrf"
    login = reverse("account_login")
    https.get(login, secure=True)
    data = {"login": cast.MANDATAIRE.email, "password": cast.PASSWORD}
    https.post(login, data, secure=True, headers={"referer": f"https://{HOST}{login}"})
    for name in ("__Host-session", "__Host-csrf"):
        cookie = https.cookies[name]
        got = (cookie["secure"], cookie["httponly"], cookie["path"], cookie["domain"])
        assert got == (True, True, "/", "")
        assert cookie["samesite"] == "Lax"
