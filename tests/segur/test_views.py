"""What is answered when nothing else did."""

import logging

import pytest
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.db import OperationalError
from django.urls import path

from segur import urls
from segur.logs import RefusalInOneLine
from segur.views import bad_request, server_error
from tests.pages import markup

LOCKED = OperationalError("database is locked")


@login_not_required
def fails(request):
    raise request.META["failure"]


urlpatterns = [
    path("casse/", fails),
    path("api/v1/casse/", fails),
    *urls.urlpatterns,
]
handler400 = bad_request
handler500 = server_error


@pytest.fixture
def ask(client, db, settings):
    settings.ROOT_URLCONF = __name__
    client.raise_request_exception = False
    return lambda url, failure: client.post(url, {"a": "1"}, failure=failure)


def test_a_database_that_is_busy_asks_for_a_little_patience(ask):
    answer = ask("/casse/", LOCKED)
    assert (answer.status_code, answer["Retry-After"]) == (503, "30")
    assert "Le site est très occupé" in markup(answer)
    assert "rechargez cette page" in markup(answer)


def test_software_is_told_in_its_own_form(ask):
    answer = ask("/api/v1/casse/", LOCKED)
    assert (answer.status_code, answer["Retry-After"]) == (503, "30")
    assert "Renvoyez-la dans une minute" in answer.json()["detail"]


def test_a_sending_beyond_a_limit_is_told_to_software_in_its_own_form(ask):
    answer = ask("/api/v1/casse/", RequestDataTooBig())
    assert answer.status_code == 413
    assert "Le texte envoyé est trop long" in answer.json()["detail"]


@pytest.mark.parametrize("failure", [OperationalError("no such table: x"), ValueError("x")])
def test_what_will_not_pass_is_an_error(ask, failure):
    assert ask("/casse/", failure).status_code == 500


@pytest.mark.parametrize(("kind", "has_traceback"), [(PermissionDenied, False), (ValueError, True)])
def test_a_refusal_is_one_line_of_the_log(kind, has_traceback):
    told = (kind, kind("non"), None)
    record = logging.LogRecord("django.request", logging.WARNING, "", 1, "Forbidden", (), told)
    assert RefusalInOneLine().filter(record)
    assert (record.exc_info is not None) is has_traceback
