"""What is answered when nothing else did."""

import errno
import json
import logging

import pytest
from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.files.uploadhandler import FileUploadHandler
from django.db import OperationalError
from django.http import HttpResponse
from django.urls import path

from mailing.models import OutgoingMail
from segur import urls
from segur.logs import RefusalInOneLine, line_formatter
from segur.views import bad_request, server_error
from tests.pages import markup, text

LOCKED = OperationalError("database is locked")


@login_not_required
def fails(request):
    if request.META["failure"] is None:
        return HttpResponse(len(request.FILES))
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
    return lambda url, failure, upload="1": client.post(url, {"a": upload}, failure=failure)


def test_a_database_that_is_busy_asks_for_a_little_patience(ask):
    answer = ask("/casse/", LOCKED)
    assert (answer.status_code, answer["Retry-After"]) == (503, "30")
    assert "Le site est très occupé" in markup(answer)
    assert "rechargez cette page" in markup(answer)


def test_software_is_refused_in_its_own_form(ask):
    answer = ask("/api/v1/casse/", LOCKED)
    assert (answer.status_code, answer["Retry-After"]) == (503, "30")
    assert "Renvoyez-la dans une minute" in answer.json()["detail"]


def test_a_sending_beyond_a_limit_is_refused_to_software_in_its_own_form(ask):
    answer = ask("/api/v1/casse/", RequestDataTooBig())
    assert answer.status_code == 413
    assert "Le texte envoyé est trop long" in answer.json()["detail"]


@pytest.mark.parametrize("failure", [OperationalError("no such table: x"), ValueError("x")])
def test_what_will_not_pass_is_an_error(ask, failure):
    assert ask("/casse/", failure).status_code == 500


@pytest.mark.parametrize(("kind", "has_traceback"), [(PermissionDenied, False), (ValueError, True)])
def test_a_refusal_is_one_line_of_the_log(kind, has_traceback):
    notified = (kind, kind("non"), None)
    record = logging.LogRecord("django.request", logging.WARNING, "", 1, "Forbidden", (), notified)
    assert RefusalInOneLine().filter(record)
    assert (record.exc_info is not None) is has_traceback


@pytest.mark.parametrize(
    "words", ["faux\n2026-01-01 login of admin", 'a"}\n{"event":"b', "\r\x1b[2J"]
)
def test_what_a_visitor_writes_stays_within_its_line_of_the_log(words):
    record = logging.LogRecord("django.request", logging.WARNING, "", 1, "%s", (words,), None)
    line = line_formatter(json=True).format(record)
    assert len(line.splitlines()) == 1
    written = json.loads(line)
    assert written["event"] == words
    assert written["timestamp"].endswith("Z")  # UTC


@pytest.fixture
def operators(settings):
    cache.clear()
    settings.OPERATORS = ["exploitation@segur.example"]
    yield OutgoingMail.objects.filter(to_email="exploitation@segur.example")
    cache.clear()


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT])
def test_full_disk_says_so_and_operators_are_written_to_once(ask, operators, number):
    for _ in range(2):
        answer = ask("/casse/", OSError(number, "No space left on device"))
        assert answer.status_code == 507
        assert "Le site ne peut plus garder de fichiers" in text(answer)
        assert "l'exploitant est prévenu" in text(answer)
    assert ask("/api/v1/casse/", OSError(number, "full")).json()["status"] == 507
    assert operators.count() == 1


def test_upload_that_the_temporary_folder_does_not_take_is_refused_so(ask, settings, operators):
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 0
    settings.FILE_UPLOAD_HANDLERS = ["tests.segur.test_views.FullTemporaryFolder"]
    answer = ask("/casse/", None, SimpleUploadedFile("a.pdf", b"%PDF-1.7 " * 1000))
    assert answer.status_code == 507
    assert operators.count() == 1


class FullTemporaryFolder(FileUploadHandler):
    """As a disk that is full: no file can be opened."""

    def new_file(self, *_arguments, **_options):
        raise OSError(errno.ENOSPC, "No space left on device")

    def receive_data_chunk(self, raw_data, _start):
        return raw_data

    def file_complete(self, _file_size):
        return None
