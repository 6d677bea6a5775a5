"""A file too long to check for a page is stored, withheld, and checked by the worker."""

import contextlib

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.signals import request_finished
from django.db import close_old_connections, transaction

from accounts.enums import Role
from calendar_app.models import Filing, Proof
from documents.enums import Scan
from documents.selectors import file_line
from documents.services import waiting
from documents.services.fates import fate_of
from documents.services.held import hold, take
from documents.services.proofs import shelf
from documents.services.uploads import check_upload
from documents.services.waiting import settle_waiting
from documents.tasks import scan_waiting_files
from documents.views import download
from journal.models import Entry
from tests.accounts.mailbox import received
from tests.by import acting
from tests.calendar_app import papers
from tests.calendar_app.filing_cases import NOW
from tests.factories import DeadlineFactory, member
from tests.pages import as_read

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("calendars")]


@pytest.fixture
def slow(settings):
    settings.FILE_CHECK_SECONDS = 0.01


@pytest.fixture
def user():
    return member(Role.REPRESENTANT, email="claire@exemple.example")


def joined(user, *uploads):
    filing = Filing.objects.create(deadline=DeadlineFactory(), number=1)
    with shelf() as kept, transaction.atomic():
        return kept.put(lambda: Proof(filing=filing), uploads, by=acting(user, NOW))


def good():
    return SimpleUploadedFile("accusé.pdf", papers.PDF)


def bad():
    return SimpleUploadedFile("macros.pdf", papers.scripted_pdf())


@pytest.mark.usefixtures("slow")
def test_what_waits_is_shown_and_given_to_nobody(user):
    for row in joined(user, good(), bad()):
        assert row.scan == Scan.UNREAD
        line = file_line(row, "deadlines:proof")
        assert (line["scan"], line["url"]) == ("en attente de contrôle", "")
        with pytest.raises(PermissionDenied, match="en attente de contrôle"):
            download(row)


@pytest.mark.usefixtures("slow")
def test_the_worker_gives_the_good_one_and_tells_who_joined_the_other(user):
    rows = joined(user, good(), bad())
    assert scan_waiting_files() == 2
    kept, refused = (Proof.objects.get(pk=row.pk) for row in rows)
    assert (kept.scan, refused.scan) == (Scan.NONE, Scan.REFUSED)
    request_finished.disconnect(close_old_connections)  # as Django's own client does
    with contextlib.closing(download(kept)) as given:
        assert b"".join(given) == papers.PDF
    request_finished.connect(close_old_connections)
    with pytest.raises(PermissionDenied, match="refusé au contrôle"):
        download(refused)
    assert "contient des macros" in Entry.objects.get(act="file.refused").note
    [mail] = received(user.email)
    assert mail.subject == "Fichier refusé : macros.pdf"
    assert "contient des macros" in mail.body_text
    assert mail.page == f"/echeances/{refused.filing.deadline_id}/"
    assert "Joindre un autre fichier : http" in as_read(mail.body_text)
    assert settle_waiting() == 0


@pytest.mark.usefixtures("slow")
def test_where_the_antivirus_is_away_a_file_that_was_read_waits_for_it(user, settings, tmp_path):
    settings.CLAMD_SOCKET = str(tmp_path / "nobody")
    [row] = joined(user, good())
    assert settle_waiting() == 0
    row.refresh_from_db()
    assert row.scan == Scan.WAITING


@pytest.mark.usefixtures("slow")
def test_a_file_held_for_a_form_keeps_waiting():
    [held] = hold([good()])
    assert fate_of(take(held.token)).scan == Scan.UNREAD


@pytest.mark.usefixtures("slow")
def test_an_image_is_read_at_once(user):
    [row] = joined(user, SimpleUploadedFile("photo.png", papers.PNG))
    assert row.scan == Scan.NONE


def test_within_the_bound_nothing_waits(user):
    [row] = joined(user, good())
    assert row.scan == Scan.NONE


@pytest.mark.usefixtures("slow")
def test_a_file_that_is_not_on_the_disk_keeps_no_other_waiting(user):
    lost, kept = joined(user, good(), papers.upload("autre.pdf", papers.paper(2)))
    lost.file.storage.delete(lost.file.name)
    assert settle_waiting() == 1
    lost.refresh_from_db()
    kept.refresh_from_db()
    assert (lost.scan, kept.scan) == (Scan.UNREAD, Scan.NONE)


@pytest.mark.usefixtures("slow")
def test_a_round_of_the_worker_ends_while_files_wait_still(user, monkeypatch):
    joined(user, good(), bad())
    monkeypatch.setattr(waiting, "ROUND_SECONDS", 0)
    assert [settle_waiting() for _ in range(3)] == [1, 1, 0]


@pytest.mark.usefixtures("slow")
def test_of_two_workers_at_one_file_the_first_settles_it(user, monkeypatch):
    [row] = joined(user, bad())

    def read_by_both(upload):
        monkeypatch.undo()
        settle_waiting()
        return check_upload(upload)

    monkeypatch.setattr(waiting, "check_upload", read_by_both)
    settle_waiting()
    assert Proof.objects.get(pk=row.pk).scan == Scan.REFUSED
    assert Entry.objects.filter(act="file.refused").count() == 1
