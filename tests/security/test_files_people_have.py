"""Files that people really have, through the two screens that take files: `tests/cases/`."""

import html
from pathlib import Path

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts.enums import Role
from calendar_app.models import Filing
from pilots.enums import SignatureState
from tests.calendar_app.filing_cases import NOW, of_prestation
from tests.calendar_app.pages import url
from tests.factories import member
from tests.pages import markup
from tests.pilots import cases

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("calendars", "checklists")]

CASES = Path(__file__).parents[1] / "cases"
PASSWORD = "est protégé par un mot de passe"
HAND, UNKNOWN, PREPARED = SignatureState.NONE, SignatureState.UNKNOWN, SignatureState.PREPARED

PROOFS = {
    "pdf_wp_plain.pdf": None,
    "pdf_wp_link_js.pdf": None,
    "pdf_wp_link_encrypt.pdf": None,
    "pdf_wp_title_js.pdf": None,
    "pdf_startxref_plus4.pdf": None,
    "pdf_lead_http.pdf": None,
    "pdf_owner_only.pdf": None,
    "pdf_user_pw.pdf": f"« pdf_user_pw.pdf » {PASSWORD}",
    "pdf_contents_zero.pdf": None,
    "pdf_x509_rawcontents.pdf": None,
    "zip_mac_docx.zip": None,
    "zip_office_lock.zip": None,
    "zip_exe.zip": "Dans « zip_exe.zip », « a.exe » est un programme",
    "zip_sharepoint.docx": None,
}
SIGNED = {
    "pdf_wp_plain.pdf": HAND,
    "pdf_wp_link_js.pdf": HAND,
    "pdf_wp_link_encrypt.pdf": HAND,
    "pdf_wp_title_js.pdf": HAND,
    "pdf_startxref_plus4.pdf": HAND,
    "pdf_lead_http.pdf": HAND,
    "pdf_owner_only.pdf": HAND,
    "pdf_user_pw.pdf": f"« pdf_user_pw.pdf » {PASSWORD}",
    "pdf_contents_zero.pdf": PREPARED,
    "pdf_x509_rawcontents.pdf": UNKNOWN,
}


def sent(name):
    return SimpleUploadedFile(name, (CASES / name).read_bytes())


def test_every_case_is_in_the_table():
    assert {path.name for path in CASES.iterdir()} == PROOFS.keys()


@pytest.mark.parametrize(("name", "refusal"), PROOFS.items(), ids=PROOFS)
def test_as_a_proof(client, name, refusal):
    actor = member(Role.REPRESENTANT)
    values = {
        "deposited_at_jour": "2027-06-09",
        "deposited_at_heure": "11h30",
        "declared": "on",
        "deposer": "1",
        "proofs": sent(name),
    }
    with time_machine.travel(NOW, tick=False):
        deadline = of_prestation(5, editeur=actor)
        client.force_login(actor)
        response = client.post(url("prepare", deadline), values)
    if refusal:
        assert response.status_code == 422
        assert refusal in " ".join(map(str, response.context["form"].errors["proofs"]))
    else:
        assert response.status_code == 302
        assert Filing.objects.get().proofs.get().name == name


@pytest.mark.parametrize(("name", "outcome"), SIGNED.items(), ids=SIGNED)
def test_as_a_signed_pv(client, name, outcome):
    with time_machine.travel(cases.NOW, tick=False):
        pv = cases.complete(cases.drafted())
        cases.log_in(client, pv.pilot, Role.SALARIE)
        values = {"upload": sent(name), "signed_on": "2026-11-12"}
        response = client.post(reverse("pilots:pv_sign", args=[pv.pk]), values, follow=True)
        shown = html.unescape(markup(response))
    if isinstance(outcome, SignatureState):
        assert pv.files.get().signature == outcome
        assert f"Fichier joint, version 1 : {outcome.label.lower()}." in shown
    else:
        assert response.status_code == 422
        assert outcome in shown
