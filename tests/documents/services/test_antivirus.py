"""Uploads and files that wait, against a real clamd with one signature of ours."""

import contextlib
import io
import json
import shutil
import socket
import subprocess
import tempfile
import time
import zipfile
from pathlib import Path

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.signals import request_finished
from django.db import close_old_connections, transaction

from accounts.enums import Role
from calendar_app.models import Filing, Proof
from documents.enums import Scan
from documents.selectors import file_line
from documents.services.antivirus import NoScanError, scan_upload, virus_in
from documents.services.archive import ArchivedFile, archive
from documents.services.fates import fate_of
from documents.services.held import hold, take
from documents.services.proofs import shelf
from documents.services.waiting import settle_waiting
from documents.views import download
from journal.models import Entry
from tests.by import acting
from tests.calendar_app import papers
from tests.calendar_app.filing_cases import NOW
from tests.factories import DeadlineFactory, member

CLAMD = shutil.which("clamd") or "/usr/sbin/clamd"
pytestmark = pytest.mark.skipif(
    not Path(CLAMD).exists(), reason="Debian's clamav-daemon is not on this machine"
)
MARK = b"segur-essai-antivirus"
PATIENCE = 30
CONFIGURATION = """
Foreground yes
LocalSocket {folder}/clamd.sock
DatabaseDirectory {folder}/database
TemporaryDirectory {folder}
StreamMaxLength 1M
"""


@pytest.fixture(scope="module")
def clamd():
    """Its socket; the folder is short, as the address of a socket must be."""
    with tempfile.TemporaryDirectory(prefix="clamd") as name:
        folder = Path(name)
        (folder / "database").mkdir()
        signature = f"Segur.Essai:0:*:{MARK.hex()}\n"
        (folder / "database" / "segur.ndb").write_text(signature)
        (folder / "clamd.conf").write_text(CONFIGURATION.format(folder=folder))
        command = [CLAMD, "--config-file", str(folder / "clamd.conf")]
        with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
            wait_for(folder / "clamd.sock", process)
            yield str(folder / "clamd.sock")
            process.terminate()


def wait_for(path, process):
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end and process.poll() is None:
        with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX) as probe:
            probe.connect(str(path))
            return
        time.sleep(0.05)
    pytest.fail("clamd did not start")


@pytest.fixture
def running(clamd, settings):
    settings.CLAMD_SOCKET = clamd


@pytest.fixture
def down(settings, tmp_path):
    settings.CLAMD_SOCKET = str(tmp_path / "nobody")


def infected():
    return SimpleUploadedFile("facture.pdf", papers.PDF + MARK)


@pytest.mark.usefixtures("running")
@pytest.mark.parametrize(
    ("blocks", "found"),
    [
        ([b"rien"], ""),
        ([], ""),
        ([b"", b"x" * 200_000], ""),
        ([b"x" * 70_000 + MARK[:5], MARK[5:]], "Segur.Essai.UNOFFICIAL"),
    ],
)
def test_clamd_says_what_it_finds_across_blocks(blocks, found):
    assert virus_in(blocks) == found


@pytest.mark.usefixtures("running")
def test_what_is_too_long_for_it_has_no_answer():
    with pytest.raises(NoScanError):
        virus_in([b"x" * 2 * 1024 * 1024])


@pytest.mark.usefixtures("running")
def test_an_infected_upload_is_refused_and_a_clean_one_accepted():
    with pytest.raises(ValidationError, match=r"« facture.pdf » est refusé par l'antivirus"):
        fate_of(infected())
    assert fate_of(SimpleUploadedFile("a.pdf", papers.PDF)).scan == Scan.CLEAN


def test_without_a_socket_nothing_is_asked(settings):
    settings.CLAMD_SOCKET = ""
    assert scan_upload(infected()) == Scan.NONE


@pytest.mark.usefixtures("down")
def test_a_held_file_keeps_its_remarks():
    [held] = hold([SimpleUploadedFile("a.pdf", papers.PDF)])
    assert fate_of(take(held.token)).scan == Scan.WAITING


class TestWhileClamdIsDown:
    @pytest.fixture
    def waiting(self, calendars, down):
        """A clean file and an infected one, joined to a draft."""
        user = member(Role.REPRESENTANT)
        filing = Filing.objects.create(deadline=DeadlineFactory(), number=1)
        uploads = [SimpleUploadedFile("a.pdf", papers.PDF), infected()]
        with shelf() as kept, transaction.atomic():
            return kept.put(lambda: Proof(filing=filing), uploads, by=acting(user, NOW))

    def test_uploads_wait_visibly_and_none_passes(self, waiting):
        for row in waiting:
            line = file_line(row, "deadlines:proof")
            assert (line["scan"], line["url"]) == ("en attente d'analyse antivirus", "")
            with pytest.raises(PermissionDenied, match="en attente d'analyse antivirus"):
                download(row)
        blocks = archive({}, [ArchivedFile("Dépôts", row) for row in waiting], at=NOW)
        whole = zipfile.ZipFile(io.BytesIO(b"".join(blocks)))
        assert whole.namelist() == ["manifest.json", "LISEZMOI.txt"]
        lines = json.loads(whole.read("manifest.json"))["fichiers"]
        assert [line["retenu"] for line in lines] == ["En attente d'analyse antivirus"] * 2
        assert settle_waiting() == 0

    def test_once_it_is_back_the_clean_one_is_given_and_the_other_never(
        self, waiting, clamd, settings
    ):
        settings.CLAMD_SOCKET = clamd
        assert settle_waiting() == 2
        clean, bad = (Proof.objects.get(pk=row.pk) for row in waiting)
        assert (clean.scan, bad.scan) == (Scan.CLEAN, Scan.INFECTED)
        request_finished.disconnect(close_old_connections)  # as Django's own client does
        with contextlib.closing(download(clean)) as given:
            assert b"".join(given) == papers.PDF
        request_finished.connect(close_old_connections)
        with pytest.raises(PermissionDenied, match="refusé par l'antivirus"):
            download(bad)
        entry = Entry.objects.get(act="file.refused")
        assert (entry.note, str(entry.signer)) == (
            "L'antivirus y trouve Segur.Essai.UNOFFICIAL.",
            "Application",
        )
        assert settle_waiting() == 0
