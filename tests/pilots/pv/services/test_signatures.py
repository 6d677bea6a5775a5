"""A signed PV too long to read for its page is stored, withheld, and read by the worker."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from calendar_app.services.filings import GateClosed
from documents.enums import Scan
from documents.services.waiting import settle_waiting
from documents.views import download
from pilots.enums import SignatureState
from pilots.pv.models import PVFile
from pilots.pv.services import pvs
from tests.accounts.mailbox import received
from tests.by import acting
from tests.pages import as_read
from tests.pilots import signing
from tests.pilots.cases import NOW, drafted, fournisseur, signed_pv
from tests.pilots.pv.services.test_pvs import attach

pytestmark = pytest.mark.django_db


@pytest.fixture
def slow(settings):
    settings.FILE_CHECK_SECONDS = 0.01


def the_file():
    return PVFile.objects.get()


def page_of(client, pv):
    client.force_login(fournisseur(pv.pilot))
    return as_read(client.get(reverse("pilots:pv", args=[pv.pk])).content.decode())


def unread_pv(content=None):
    """One that lacks nothing but the reading of its file."""
    pv = signed_pv()
    pv.files.all().delete()
    attach(pv, content)
    pv.refresh_from_db()
    return pv


@pytest.mark.usefixtures("slow")
def test_until_it_is_read_the_pv_is_not_sent_and_the_file_is_given_to_nobody(client):
    pv = unread_pv()
    file = the_file()
    assert (file.scan, file.signature) == (Scan.UNREAD, SignatureState.UNREAD)
    with pytest.raises(PermissionDenied, match="en attente de contrôle"):
        download(file)
    with pytest.raises(GateClosed) as closed:
        pvs.send(pv, by=acting(fournisseur(pv.pilot), NOW))
    [unmet] = closed.value.reasons
    assert "en cours de lecture" in unmet.reason
    assert "le site la termine, en une minute en général" in page_of(client, pv)


@pytest.mark.usefixtures("slow")
@pytest.mark.parametrize(
    ("content", "state", "words"),
    [
        (signing.signed, SignatureState.UNTRUSTED, "Auteur non vérifiable"),
        (lambda: signing.altered(signing.another()), SignatureState.BROKEN, "Modifié après"),
        (signing.unsigned, SignatureState.NONE, "aucune signature électronique"),
    ],
)
def test_the_worker_says_what_its_signature_is_worth(client, content, state, words):
    pv = unread_pv(content())
    assert settle_waiting() == 1
    file = the_file()
    assert (file.scan, file.signature) == (Scan.NONE, state)
    assert words in page_of(client, pv)


@pytest.mark.usefixtures("slow")
def test_once_read_the_pv_is_sent():
    pv = unread_pv()
    settle_waiting()
    assert pvs.send(pv, by=acting(fournisseur(pv.pilot), NOW)).sent_at == NOW


@pytest.mark.usefixtures("slow")
def test_refused_the_page_gives_the_reason_and_who_joined_it_receives_it(client):
    pv = unread_pv(signing.with_script())
    sender = the_file().uploaded_by
    settle_waiting()
    assert the_file().scan == Scan.REFUSED
    assert "contient des macros" in page_of(client, pv)
    [mail] = received(sender.email)
    assert "faites-le signer de nouveau sans elles" in as_read(mail.body_text)
    with pytest.raises(GateClosed) as closed:
        pvs.send(pv, by=acting(fournisseur(pv.pilot), NOW))
    [unmet] = closed.value.reasons
    assert "joignez-en un autre" in unmet.reason


@pytest.mark.usefixtures("slow")
def test_one_that_the_worker_does_not_finish_either_is_refused(monkeypatch):
    unread_pv()
    monkeypatch.setattr("pilots.pv.services.signatures.SECONDS", 0.01)
    settle_waiting()
    assert the_file().scan == Scan.REFUSED


def test_while_the_antivirus_is_away_it_waits_as_any_other_file(settings, tmp_path):
    settings.CLAMD_SOCKET = str(tmp_path / "nobody")
    attach(drafted())
    assert the_file().scan == Scan.WAITING
    assert settle_waiting() == 0


def test_refused_within_the_bound_it_is_not_stored():
    with pytest.raises(ValidationError, match="contient des macros"):
        attach(drafted(), signing.with_script())
    assert not PVFile.objects.exists()
