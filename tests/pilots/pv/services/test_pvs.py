"""A PV from its draft to its sending."""

import datetime as dt
import hashlib

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.storage import default_storage
from django.db.models import ProtectedError

from accounts.enums import Role
from calendar_app.services.filings import GateClosed
from journal.services.readings import stamp
from mailing.models import OutgoingMail
from pilots.checklists.models import ChecklistItem
from pilots.enums import EDITABLE_STATES, Checklist, PVState, SignatureState
from pilots.pv.models import PilotPV, PVDecision
from pilots.pv.rules.precheck import precheck
from pilots.pv.selectors.pvs import content_of, pv_facts, sendings, since_refusal
from pilots.pv.services import pilots, pvs
from tests.by import acting
from tests.entries import entries
from tests.factories import member
from tests.pages import as_read
from tests.pilots import signing
from tests.pilots.cases import (
    NOW,
    complete,
    drafted,
    fournisseur,
    in_state,
    named,
    sent,
    signed_pv,
    stored,
    validated,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("calendars", "checklists")]
DAY = dt.timedelta(days=1)


def attach(pv, content=None, **values):
    values = {"upload": signing.upload(content), "signed_on": dt.date(2026, 11, 12)} | values
    return pvs.attach_signed(pv, by=acting(fournisseur(pv.pilot), NOW), **values)


def test_a_draft_copies_the_mentions_of_the_day_with_what_is_known():
    pilot = validated(named())
    prestation = pilot.prestation
    pv = drafted(pilot)
    values = {row.code: row.value for row in pv.mentions.all()}
    assert values["fournisseur"].endswith(f"SIREN {prestation.organisation.siren}")
    assert values["client"].endswith(f"FINESS {prestation.client.finess}")
    assert values["solution"].endswith(", version 2.0, référencement n° RIS-V2-0042")
    assert values["commande"] == "BDC-7, du 15/09/2026"
    assert "n° ASP-1, validée le 20/10/2026" in values["demandes"]
    assert values["perimetre"] == ""


def test_a_later_check_list_changes_no_pv_that_exists():
    pv = drafted()
    before = list(pv.mentions.values_list("code", "label"))
    ChecklistItem.objects.filter(checklist=Checklist.PV).update(label="Autre", retired_at=NOW)
    assert list(pv.mentions.values_list("code", "label")) == before


def test_one_pv_alive_for_a_client():
    pv = drafted()
    with pytest.raises(ValidationError, match="déjà un PV"):
        drafted(pv.pilot)
    pvs.abandon(pv, reason="Refait.", by=acting(fournisseur(pv.pilot), NOW))
    assert drafted(pv.pilot).pk != pv.pk


def test_no_pv_for_a_client_that_was_withdrawn():
    pilot = named()
    pilots.withdraw(pilot, reason="Non.", by=acting(fournisseur(pilot), NOW))
    with pytest.raises(ValidationError, match="n'est plus pilote"):
        drafted(pilot)


def test_the_day_of_realisation_is_shown_in_its_mention():
    pv = drafted()
    complete(pv, mentions={"realisation": ""})
    assert pv.mentions.get(code="realisation").value == "10/11/2026"


def test_the_mention_follows_the_day_as_long_as_nobody_wrote_another():
    pv = complete(drafted(), mentions={"realisation": ""})
    complete(pv, mentions={"realisation": "10/11/2026"}, realised_on=dt.date(2026, 11, 9))
    assert pv.mentions.get(code="realisation").value == "09/11/2026"
    words = "Complète le 8 novembre 2026."
    pv = complete(pv, mentions={"realisation": words}, realised_on=dt.date(2026, 11, 7))
    assert pv.mentions.get(code="realisation").value == words
    [unmet] = [
        one for one in precheck(pv_facts(pv, now=NOW)) if "Prestation réalisée" in one.reason
    ]
    assert "dit le 08/11/2026, et « Prestation réalisée le » dit le 07/11/2026" in unmet.reason


def test_the_journal_of_an_edit_shows_the_old_values_and_the_new():
    pv = complete(drafted())
    complete(pv, mentions={"client": "CHU Fictif"}, signatory_name="")
    event = entries(pv)[-1]
    assert event.what == "Contenu du PV enregistré"
    assert " → « CHU Fictif »" in event.note
    assert "Signataire pour le Client : nom retiré" in event.note
    assert "Camille" not in event.note
    assert event.note.count("→") == 1


def test_saved_as_it_was_it_is_not_edited():
    pv = complete(drafted())
    later = complete(pv, now=NOW + DAY)
    assert (later.edited_at, entries(later)[-1].note) == (NOW, "Rien n'a changé.")


def test_an_edit_of_an_older_reading_is_refused_and_says_who_came_first():
    pv = drafted()
    colleague = member(organisation=pv.pilot.prestation.organisation, full_name="Ana Fictive")
    read = stamp(complete(pv).edited_at)
    complete(pv, by=colleague, now=NOW + DAY, comment="Relu.", read=read)
    with pytest.raises(ValidationError, match="Ana Fictive a entre-temps modifié ce PV"):
        complete(pv, now=NOW + DAY, comment="Autre.", read=read)
    pv.refresh_from_db()
    assert pv.comment == "Relu."


def test_the_pv_of_a_client_that_was_withdrawn_is_left_alone():
    pv = complete(drafted())
    pilots.withdraw(pv.pilot, reason="Non.", by=acting(fournisseur(pv.pilot), NOW))
    for act in (complete, attach):
        with pytest.raises(ValidationError, match="n'est plus pilote"):
            act(pv)
    assert stored() == 0


@pytest.mark.parametrize("state", PVState)
def test_when_the_content_may_change(state):
    pv = in_state(state)
    if state in EDITABLE_STATES:
        assert complete(pv).state == PVState.DRAFT
    else:
        with pytest.raises(ValidationError, match="il ne se modifie plus"):
            complete(pv)


@pytest.mark.parametrize("state", PVState)
def test_when_a_file_may_be_attached(state):
    pv = in_state(state)
    before = stored()
    if state in EDITABLE_STATES:
        assert attach(pv).number == 2
        pv.refresh_from_db()
        assert pv.state == PVState.SIGNED
    else:
        with pytest.raises(ValidationError, match="il ne se modifie plus"):
            attach(pv)
        assert stored() == before
        assert _files_on_disk() == before


def _files_on_disk():
    folders, _ = default_storage.listdir("proofs")
    return sum(len(default_storage.listdir(f"proofs/{name}")[1]) for name in folders)


def _content(file):
    with file.file.open("rb") as stream:
        return stream.read()


def test_every_version_is_kept_byte_for_byte():
    pv = drafted()
    first, second = signing.another(), signing.unsigned("corrige")
    attach(pv, first)
    attach(pv, second)
    files = list(pv.files.order_by("number"))
    assert [_content(file) for file in files] == [first, second]
    assert [file.sha256 for file in files] == [
        hashlib.sha256(content).hexdigest() for content in (first, second)
    ]
    assert [file.signature for file in files] == [SignatureState.UNTRUSTED, SignatureState.NONE]
    assert "version 2" in entries(pv)[-1].what


class TestOneFileServesOnce:
    """Refused in a sentence, and nothing is stored."""

    def refused(self, pv, content, words, **values):
        before = (stored(), _files_on_disk(), len(entries(pv)))
        with pytest.raises(ValidationError) as refusal:
            attach(pv, content, **values)
        assert words in refusal.value.messages[0]
        assert "« pv-signe.pdf »" in refusal.value.messages[0]
        assert (stored(), _files_on_disk(), len(entries(pv))) == before
        return refusal.value.messages[0]

    def test_not_for_another_client_whose_name_is_not_shown(self):
        paper, theirs = signing.another(), drafted()
        attach(theirs, paper)
        mine = drafted()
        words = self.refused(mine, paper, "est déjà le PV signé d'une autre prestation")
        assert theirs.pilot.client.name not in words
        assert theirs.pilot.prestation.organisation.name not in words
        assert mine.pilot.client.name in words

    def test_joined_by_mistake_and_replaced_it_serves_where_it_belongs(self):
        paper, wrong, right = signing.another(), drafted(), drafted()
        attach(wrong, paper)
        attach(wrong, signing.another())
        assert attach(right, paper).number == 1

    def test_sent_once_it_serves_no_other_even_when_it_was_replaced(self):
        paper, right = signing.another(), drafted()
        theirs = sent(content=paper)
        pvs.take_back(theirs, by=acting(fournisseur(theirs.pilot), NOW))
        attach(theirs, signing.another())
        assert self.refused(right, paper, "est déjà le PV signé d'une autre prestation")

    def test_not_the_one_that_was_judged_non_conforme(self):
        paper = signing.another()
        pv = refused_pv(paper)
        self.refused(pv, paper, "est celui que l'ANS a jugé non conforme")
        assert attach(pv, signing.another()).number == 2

    def test_not_after_the_pv_was_edited(self):
        paper, pv = signing.another(), complete(drafted())
        attach(pv, paper)
        complete(pv, now=NOW + DAY, signatory_name="Une Autre")
        assert self.refused(pv, paper, "a été signé avant la dernière modification de ce PV")

    def test_again_after_it_was_saved_as_it_was(self):
        paper, pv = signing.another(), complete(drafted())
        attach(pv, paper)
        complete(pv, now=NOW + DAY)
        assert attach(pv, paper).number == 2

    def test_not_for_the_pv_that_replaces_an_abandoned_one(self):
        paper, pv = signing.another(), complete(drafted())
        attach(pv, paper)
        pvs.abandon(pv, reason="Refait.", by=acting(fournisseur(pv.pilot), NOW))
        again = pvs.create(pv.pilot, by=acting(fournisseur(pv.pilot), NOW + DAY))
        assert self.refused(again, paper, "avant la dernière modification")

    def test_what_is_in_the_database_already_is_held_against_the_later_of_the_two(self):
        paper = signing.another()
        first, second = signed_pv(content=paper), signed_pv(content=paper)
        assert precheck(pv_facts(first, now=NOW)) == []
        with pytest.raises(GateClosed) as closed:
            pvs.send(second, by=acting(fournisseur(second.pilot), NOW))
        [unmet] = closed.value.reasons
        assert "est déjà le PV signé d'une autre prestation" in unmet.reason


def refused_pv(paper):
    """Judged non conforme and notified, with this file."""
    pv = in_state(PVState.NOT_CONFORM, content=paper)
    PVDecision.objects.create(
        pv=pv,
        file=pv.files.get(),
        file_sha256=pv.files.get().sha256,
        outcome=PVState.NOT_CONFORM,
        content=content_of(pv),
        decided_by_name="Agente Fictive",
        decided_at=NOW,
        confirmed_at=NOW,
    )
    return pv


def test_what_changed_since_the_refused_version():
    pv = refused_pv(signing.another())
    assert since_refusal(pv) is None
    pv = complete(pv, mentions={"client": "CHU Fictif"})
    [change] = since_refusal(pv).changes
    assert change.after == "CHU Fictif"


@pytest.mark.parametrize("content", [signing.encrypted, signing.with_script])
def test_a_trap_in_a_signed_file_is_signed_again_not_printed(content):
    with pytest.raises(ValidationError) as refused:
        attach(drafted(), content())
    assert "faites-le signer de nouveau sans" in refused.value.messages[0]
    assert "imprimez" not in refused.value.messages[0]


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("content", "state"),
    [
        (signing.signed, SignatureState.VALID),
        (lambda: signing.signed(name="Autre"), SignatureState.UNTRUSTED),
        (lambda: signing.altered(signing.another()), SignatureState.BROKEN),
        (lambda: signing.updated(signing.another()), SignatureState.BROKEN),
        (signing.prepared, SignatureState.PREPARED),
        (lambda: signing.of_kind("adbe.x509.rsa_sha1"), SignatureState.UNKNOWN),
        (lambda: signing.of_kind("Prive", signing.another()), SignatureState.UNKNOWN),
        (lambda: signing.prepared(signing.another()), SignatureState.PREPARED),
        (lambda: signing.with_file_inside("facture.xml", b"<x/>"), SignatureState.NONE),
        (signing.unsigned, SignatureState.NONE),
    ],
)
def test_what_the_signature_is_worth(settings, tmp_path, content, state):
    roots = tmp_path / "roots"
    roots.mkdir()
    (roots / "signataire.pem").write_bytes(signing.pem())
    settings.PV_TRUST_ROOTS = str(roots)
    assert attach(drafted(), content()).signature == state


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (b"", "pv.pdf", "est vide"),
        (b"MZ" + bytes(200), "pv.pdf", "n'est pas un vrai fichier PDF"),
        (b"\x89PNG\r\n\x1a\n", "pv.png", "n'est pas un PDF"),
        (b"%PDF-1.7\n" + bytes(64), "pv.exe", "n'est pas un PDF : le PV signé se joint en PDF"),
        (signing.truncated(), "pv.pdf", "abîmé ou incomplet"),
        (signing.encrypted(), "pv.pdf", "protégé par un mot de passe"),
        (signing.with_script(), "pv.pdf", "contient des macros"),
        (signing.with_program(), "pv.pdf", "contient des macros"),
        (signing.with_file_inside(), "pv.pdf", "« outil.exe » est un programme"),
    ],
)
def test_a_file_that_is_refused_is_a_sentence_and_nothing_is_stored(content, name, words):
    pv = drafted()
    with pytest.raises(ValidationError) as refused:
        attach(pv, upload=signing.upload(content, name))
    assert words in refused.value.messages[0]
    assert f"« {name} »" in refused.value.messages[0]
    assert (stored(), len(entries(pv))) == (0, 1)


def test_a_file_too_big_is_not_even_read(settings):
    settings.PROOF_MAX_BYTES = 100
    with pytest.raises(ValidationError, match="dépasse"):
        attach(drafted())


def test_sending_leaves_a_hash_an_instant_and_a_receipt(django_capture_on_commit_callbacks):
    pv = signed_pv()
    sender = fournisseur(pv.pilot)
    with django_capture_on_commit_callbacks(execute=True):
        row = pvs.send(pv, by=acting(sender, NOW))
    assert (row.state, row.sent_at, row.sent_by) == (PVState.SENT, NOW, sender)
    event = entries(row)[-1]
    assert event.after["sha256"] == row.files.first().sha256
    receipts = OutgoingMail.objects.filter(kind="ACCUSE")
    assert {one.to_email for one in receipts} == {sender.email, pv.prepared_by.email}
    for receipt in receipts:
        assert event.after["sha256"] in as_read(receipt.body_text)
        assert "Où : sur ce site" in as_read(receipt.body_text)
        assert "22/11/2026 à 10h00min00s (heure de Paris)" in as_read(receipt.body_text)
    assert len(mail.outbox) in {0, 2}


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lambda pv: pv.mentions.filter(code="perimetre").update(value=""), "Mention vide"),
        (lambda pv: pv.pilot.prestation.asp_requests.update(state="DEPOSEE"), "validée par l'ASP"),
        (lambda pv: PilotPV.objects.filter(pk=pv.pk).update(signatory_name=""), "signataire"),
        (lambda pv: pv.files.update(signature=SignatureState.BROKEN), "après la signature"),
        (lambda pv: type(pv.pilot).objects.update(withdrawn_at=NOW), "n'est plus Client pilote"),
    ],
)
def test_the_pre_check_refuses_the_sending(spoil, words):
    pv = signed_pv()
    spoil(pv)
    with pytest.raises(GateClosed) as refused:
        pvs.send(pv, by=acting(fournisseur(pv.pilot), NOW))
    assert any(words in unmet.reason for unmet in refused.value.reasons)
    pv.refresh_from_db()
    assert (pv.state, pv.sent_at) == (PVState.SIGNED, None)


def test_sending_binds_the_fournisseur():
    pv = signed_pv()
    for actor in (fournisseur(pv.pilot, Role.SALARIE), member(Role.AGENT), member()):
        with pytest.raises(PermissionDenied):
            pvs.send(pv, by=acting(actor, NOW))


def test_only_the_fournisseur_prepares():
    pv = drafted()
    with pytest.raises(PermissionDenied):
        complete(pv, by=member(organisation=pv.pilot.prestation.supplier.solution.organisation))


@pytest.mark.parametrize("state", [state for state in PVState if state != PVState.SIGNED])
def test_sending_from_another_state_says_which_are_possible(state):
    pv = in_state(state)
    actor = fournisseur(pv.pilot)
    with pytest.raises(ValidationError, match=r"ne peut pas passer à|est déjà transmis"):
        pvs.send(pv, by=acting(actor, NOW))


def test_a_pv_is_taken_back_and_sent_again():
    pv = sent()
    actor = fournisseur(pv.pilot)
    assert pvs.take_back(pv, by=acting(actor, NOW)).state == PVState.SIGNED
    assert pvs.send(pv, by=acting(actor, NOW)).state == PVState.SENT
    assert OutgoingMail.objects.filter(kind="ACCUSE").count() == 4


def test_the_receipt_names_the_version_that_left_when_the_bytes_are_the_same():
    pv = sent()
    actor, paper = fournisseur(pv.pilot), _content(pv.files.get())
    pvs.take_back(pv, by=acting(actor, NOW))
    attach(pv, paper)
    pvs.send(pv, by=acting(actor, NOW))
    assert [sending.file.number for sending in sendings(pv)] == [2, 1]


def test_the_fournisseur_is_not_notified_of_a_non_conforme_that_waits():
    pv = in_state(PVState.TO_CONFIRM)
    actor = fournisseur(pv.pilot)
    acts = (complete, attach, lambda pv: pvs.take_back(pv, by=acting(actor, NOW)))
    for act in acts:
        with pytest.raises(ValidationError, match="l'état « En contrôle »"):
            act(pv)
    with pytest.raises(ValidationError, match="un agent de l'ANS le contrôle"):
        pvs.send(pv, by=acting(actor, NOW))


def test_a_client_that_has_a_pv_is_not_deleted():
    client = drafted().pilot.client
    with pytest.raises(ProtectedError):
        client.delete()
