import datetime as dt

import pytest
from django.core.exceptions import ValidationError

from accounts.enums import Role
from journal.models import Entry
from pilots.checklists.models import ChecklistItem
from pilots.enums import Checklist, ConditionState, VACase
from pilots.va.models import VA, VAFile
from pilots.va.services.va import correct, read_stamp, record
from tests.by import acting
from tests.calendar_app.papers import DOCX, PDF, upload
from tests.entries import entries
from tests.factories import PrestationFactory, member
from tests.pilots.vas import day, declared, drimbox, noon, notified, recorded

pytestmark = pytest.mark.usefixtures("calendars", "checklists")
NOW = noon("2026-11-22")


@pytest.fixture
def ours():
    return drimbox()


def states(va):
    return dict(va.conditions.values_list("code", "state"))


def test_case_1_has_every_condition_of_the_day_verified(ours):
    va = recorded(*ours, case=VACase.ALL_VERIFIED)
    codes = ChecklistItem.objects.filter(checklist=Checklist.VA).values_list("code", flat=True)
    assert states(va) == dict.fromkeys(codes, ConditionState.VERIFIED)
    assert va.clock is None
    assert not va.awaits_ris
    [event] = entries(va)
    assert (event.signer.user_id, str(event.signer)) == (ours[1].pk, str(ours[1]))
    assert (event.act, event.what) == ("va.record", "VA enregistrée")
    assert "tout est vérifié" in event.note


def test_the_fournisseur_of_the_prestation_reads_the_acts_on_its_va_and_no_other_does(ours):
    va = recorded(*ours)
    outsider = member(Role.MANDATAIRE)
    seen = [Entry.objects.of(va).visible_to(user).count() for user in (ours[1], outsider)]
    assert seen == [1, 0]


def test_case_2_reports_those_that_are_named_and_awaits_the_ris(ours):
    va = recorded(*ours)
    reported = {code for code, state in states(va).items() if state == ConditionState.REPORTED}
    assert reported == {"db-cr", "db-appel"}
    assert va.awaits_ris


def test_conditions_are_copied_what_the_list_becomes_does_not_change_them(ours):
    va = recorded(*ours)
    ChecklistItem.objects.filter(code="db-cr").update(label="Autre", retired_at=NOW)
    assert va.conditions.get(code="db-cr").label.startswith("Flux des comptes-rendus")


def test_signed_file_is_kept_byte_for_byte(ours):
    va = recorded(*ours)
    file = va.files.get()
    with file.file.open("rb") as kept:
        assert kept.read() == PDF
    assert (file.name, file.size, file.document_date) == ("va.pdf", len(PDF), day("2026-11-20"))


@pytest.mark.parametrize(
    ("fields", "proofs", "words"),
    [
        ({"ris_vague2_on": day("2026-11-01")}, None, "était déjà en Vague 2"),
        ({"reported": frozenset({"inconnue"})}, None, "n'est pas de cette VA"),
        ({}, [], "Joignez la VA signée"),
        ({}, [upload("va.docx", DOCX)], "est un PDF"),
        ({}, [upload("va.pdf", b"rien")], "n'est pas un vrai fichier PDF"),
        ({}, [upload("va.pdf", b"")], "est vide"),
        ({"signatory_name": ""}, None, "vide"),
    ],
)
def test_refused_nothing_is_kept(ours, fields, proofs, words, settings):
    prestation, person = ours
    proofs = [upload()] if proofs is None else proofs
    with pytest.raises(ValidationError) as refused:
        record(prestation, declared=declared(**fields), proofs=proofs, by=acting(person, NOW))
    assert words in " ".join(refused.value.messages)
    assert not VA.objects.exists()
    assert not list(settings.MEDIA_ROOT.rglob("proofs/*/*"))


def test_a_ris_prestation_has_no_va(ours):
    prestation = PrestationFactory()
    with pytest.raises(ValidationError, match="ne concerne que les prestations DRIMbox"):
        record(prestation, declared=declared(), proofs=[upload()], by=acting(ours[1], NOW))


def test_recorded_once(ours):
    recorded(*ours)
    with pytest.raises(ValidationError, match="déjà enregistrée"):
        recorded(*ours)


def test_correction_has_a_reason_and_says_what_it_changed(ours):
    va = recorded(*ours)
    new = declared(signed_on=day("2026-11-19"), reported=frozenset({"db-cr", "formation"}))
    correct(
        va, declared=new, reason="Relu sur l'original", proofs=[upload()], by=acting(ours[1], NOW)
    )
    va.refresh_from_db()
    assert va.signed_on == day("2026-11-19")
    reported = {code for code, state in states(va).items() if state == ConditionState.REPORTED}
    assert reported == {"db-cr", "formation"}
    note = entries(va)[-1].note
    assert note.startswith("Relu sur l'original")
    assert "signée le : 20/11/2026 → signée le : 19/11/2026" in note
    assert "utilisateurs formés et documentation remise : vérifiée à la va → reportée" in note
    assert VAFile.objects.filter(va=va).count() == 2
    assert [entry.act for entry in entries(va)] == ["va.record", "va.correct"]


def test_correction_to_case_1(ours):
    va = recorded(*ours)
    correct(va, declared=declared(VACase.ALL_VERIFIED), reason="Erreur", by=acting(ours[1], NOW))
    assert set(states(va).values()) == {ConditionState.VERIFIED}
    assert not VA.objects.get().awaits_ris


def test_correction_of_an_older_reading_is_refused(ours):
    va = recorded(*ours)
    read = read_stamp(va)
    later = NOW + dt.timedelta(minutes=1)
    correct(
        va, declared=declared(comment="Vu"), reason="Oubli", read=read, by=acting(ours[1], later)
    )
    with pytest.raises(ValidationError, match=f"{ours[1]} a entre-temps modifié cette VA"):
        correct(
            va,
            declared=declared(comment="Lu"),
            reason="Oubli",
            read=read,
            by=acting(ours[1], later),
        )
    assert VA.objects.get().comment == "Vu"


@pytest.mark.parametrize(
    ("fields", "reason", "words"),
    [
        ({}, "Pour voir", "Rien n'a changé"),
        ({"comment": "Vu"}, "  ", "Écrivez le motif"),
        ({"reported": frozenset()}, "Erreur", "au moins une condition"),
        ({"reported": frozenset({"inconnue"})}, "Erreur", "n'est pas de cette VA"),
    ],
)
def test_correction_refused(ours, fields, reason, words):
    va = recorded(*ours)
    with pytest.raises(ValidationError) as refused:
        correct(va, declared=declared(**fields), reason=reason, by=acting(ours[1], NOW))
    assert words in " ".join(refused.value.messages)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"reported": frozenset({"db-cr"})}, "ne changent plus"),
        ({"case": VACase.ALL_VERIFIED}, "ne changent plus"),
        ({"signed_on": day("2026-11-22")}, "ce jour-là ou avant"),
    ],
)
def test_once_notified_what_is_reported_does_not_change(ours, fields, words):
    va = recorded(*ours)
    notified(va, ours[1], "2026-11-21", now="2026-11-22")
    with pytest.raises(ValidationError) as refused:
        correct(va, declared=declared(**fields), reason="Erreur", by=acting(ours[1], NOW))
    assert words in " ".join(refused.value.messages)
    later = NOW + dt.timedelta(days=1)
    correct(va, declared=declared(comment="Vu"), reason="Oubli", by=acting(ours[1], later))
