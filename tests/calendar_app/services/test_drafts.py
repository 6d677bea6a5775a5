"""Drafts: saved, completed, given up; nothing of them is ever lost nor taken for a filing."""

import datetime as dt
import hashlib

import pytest
from django.core.exceptions import ValidationError

from accounts.enums import Role
from calendar_app.enums import FilingStatus, State
from calendar_app.models import Filing, Proof
from calendar_app.services.decisions import set_aside
from calendar_app.services.drafts import abandon_draft, save_draft, stamp_of, withdraw_proof
from documents.services.fates import joined_once
from tests.by import acting
from tests.calendar_app import papers
from tests.calendar_app.filing_cases import (
    NOW,
    content_of,
    decided,
    file,
    named,
    of_prestation,
    of_solution,
    on_disk,
)
from tests.calendar_app.papers import upload
from tests.entries import entries
from tests.factories import member

pytestmark = pytest.mark.usefixtures("calendars")


@pytest.fixture
def actor():
    return member(Role.MANDATAIRE, full_name="Ana Fictive")


@pytest.fixture
def deadline(actor):
    return of_prestation(5, editeur=actor)


def save(deadline, actor, **fields):
    return save_draft(deadline=deadline, by=acting(actor, NOW), **fields)


def test_the_first_saving_makes_the_draft_and_says_so(deadline, actor):
    filing = save(deadline, actor, comment="À compléter")
    deadline.refresh_from_db()
    assert deadline.state == State.DRAFT
    assert (filing.number, filing.status, filing.comment) == (1, FilingStatus.DRAFT, "À compléter")
    assert filing.prepared_by == actor
    assert filing.receipt_number is None
    assert [event.what for event in entries(deadline)] == ["Brouillon enregistré"]


def test_a_date_that_is_cleared_is_cleared(deadline, actor):
    save(deadline, actor, deposited_at=NOW - dt.timedelta(days=1))
    assert save(deadline, actor, deposited_at=None).deposited_at is None


def test_saving_again_completes_the_same_draft(deadline, actor):
    deposited_at = NOW - dt.timedelta(days=1)
    save(deadline, actor, comment="un", external_reference="A-1", deposited_at=deposited_at)
    filing = save(deadline, actor, comment="deux")
    assert Filing.objects.count() == 1
    assert (filing.comment, filing.external_reference) == ("deux", "A-1")
    assert filing.deposited_at == deposited_at
    assert save(deadline, actor, comment="").comment == ""


def test_a_draft_saved_from_an_older_page_is_refused_with_what_was_saved_since(deadline, actor):
    assert stamp_of(None) == ""
    read = stamp_of(save(deadline, actor, comment="un"))
    later = NOW + dt.timedelta(minutes=1)
    save_draft(deadline=deadline, by=acting(actor, later), comment="deux", read=read)
    with pytest.raises(ValidationError) as refused:
        save(deadline, actor, comment="trois", read=read)
    [sentence] = refused.value.messages
    assert "Ana Fictive a entre-temps enregistré ce brouillon (commentaire « deux »)" in sentence
    assert Filing.objects.get().comment == "deux"


def test_proofs_add_up_and_two_of_one_name_are_two_files(deadline, actor):
    filing = save(deadline, actor, proofs=[upload(), upload(content=papers.paper(2))])
    save(deadline, actor, proofs=[upload(content=papers.paper(3)), upload("c.png", papers.PNG)])
    assert [proof.name for proof in filing.proofs.all()] == ["accuse.pdf"] * 3 + ["c.png"]
    assert len(on_disk()) == 4
    assert on_disk() == named()


def test_the_same_bytes_are_joined_once_within_a_sending_and_beside_the_draft(deadline, actor):
    first, copy = upload("accuse.pdf"), upload("copie.pdf")
    save(deadline, actor, proofs=[first, copy])
    again, other = upload("accuse.pdf"), upload("autre.pdf", papers.paper(2))
    filing = save(deadline, actor, proofs=[again, other])

    assert [proof.name for proof in filing.proofs.all()] == ["accuse.pdf", "autre.pdf"]
    assert on_disk() == named()
    assert joined_once([first, copy]) == [
        "« copie.pdf » est le même fichier que « accuse.pdf » : il est joint une seule fois."
    ]
    assert joined_once([again, other]) == [
        "« accuse.pdf » est déjà joint, à l'octet près : il est joint une seule fois."
    ]


def test_a_file_taken_out_of_the_draft_may_be_joined_again(deadline, actor):
    (proof,) = save(deadline, actor, proofs=[upload()]).proofs.all()
    withdraw_proof(proof, by=acting(actor, NOW))
    filing = save(deadline, actor, proofs=[upload()])
    assert [one.withdrawn_at for one in filing.proofs.all()] == [NOW, None]


def test_what_a_correction_starts_with_is_not_joined_again(actor):
    deadline = of_solution(2, editeur=actor)
    decided(file(deadline, actor), State.TO_CORRECT)
    draft = save(deadline, actor, proofs=[upload(), upload("b.pdf", papers.paper(2))])
    assert [proof.name for proof in draft.proofs.all()] == ["accuse.pdf", "b.pdf"]


def test_a_proof_is_kept_byte_for_byte_under_a_name_of_ours(deadline, actor):
    (proof,) = save(
        deadline,
        actor,
        proofs=[upload("../Reçu été.PDF")],
        document_date=dt.date(2027, 6, 1),
    ).proofs.all()
    assert proof.name == "Reçu été.PDF"
    assert "Reçu" not in proof.file.name
    assert content_of(proof) == papers.PDF
    assert proof.sha256 == hashlib.sha256(papers.PDF).hexdigest()
    assert (proof.size, proof.content_type) == (len(papers.PDF), "application/pdf")
    assert (proof.document_date, proof.uploaded_at) == (dt.date(2027, 6, 1), NOW)
    assert (proof.uploaded_by, proof.uploaded_by_name) == (actor, "Ana Fictive")


def test_a_name_of_300_characters_keeps_its_end(deadline, actor):
    (proof,) = save(deadline, actor, proofs=[upload("a" * 296 + ".pdf")]).proofs.all()
    assert len(proof.name) == 255
    assert proof.name.endswith("a.pdf")


def test_one_bad_file_stores_none(deadline, actor):
    files = [upload(), upload("page.pdf", papers.HTML)]
    with pytest.raises(ValidationError, match=r"page\.pdf"):
        save(deadline, actor, comment="perdu", proofs=files)
    deadline.refresh_from_db()
    assert deadline.state == State.TO_DO
    assert not Filing.objects.exists()
    assert on_disk() == []


@pytest.mark.parametrize(
    "state", [State.FILED, State.ACCEPTED, State.REFUSED, State.NOT_APPLICABLE]
)
def test_nothing_is_prepared_once_closed(deadline, actor, state):
    deadline.state = state
    deadline.save()
    with pytest.raises(ValidationError, match=f"« {state.label} »"):
        save(deadline, actor, proofs=[upload()])
    assert on_disk() == []


def test_a_withdrawn_proof_is_kept_and_reported_once(deadline, actor):
    (proof,) = save(deadline, actor, proofs=[upload("b" * 250 + ".pdf")]).proofs.all()
    withdraw_proof(proof, by=acting(actor, NOW))
    withdraw_proof(proof, by=acting(actor, NOW + dt.timedelta(minutes=1)))
    proof.refresh_from_db()
    assert proof.withdrawn_at == NOW
    assert on_disk() == [proof.file.name]
    withdrawals = [entry for entry in entries(deadline) if entry.act == "deadline.proof"]
    assert [(event.note, event.at) for event in withdrawals] == [(proof.name, NOW)]


def test_a_filed_proof_is_not_withdrawn(deadline, actor):
    filing = file(deadline, actor)
    with pytest.raises(ValidationError, match="ses pièces ne changent plus"):
        withdraw_proof(filing.proofs.get(), by=acting(actor, NOW))
    assert Proof.objects.current().count() == 1


def test_an_abandoned_draft_is_kept_and_the_next_starts_empty(deadline, actor):
    save(deadline, actor, proofs=[upload()])
    abandon_draft(deadline, by=acting(actor, NOW))
    deadline.refresh_from_db()
    assert deadline.state == State.TO_DO
    assert len(on_disk()) == 1
    again = save(deadline, actor, comment="nouveau")
    assert (again.number, again.proofs.count()) == (2, 0)


def test_abandoning_twice_is_refused(deadline, actor):
    save(deadline, actor)
    abandon_draft(deadline, by=acting(actor, NOW))
    with pytest.raises(ValidationError, match="n'a plus de brouillon"):
        abandon_draft(deadline, by=acting(actor, NOW))


def test_setting_aside_gives_the_draft_up(deadline, actor):
    save(deadline, actor)
    set_aside(deadline, reason="Client parti", by=acting(actor, NOW))
    assert Filing.objects.get().status == FilingStatus.ABANDONED


def test_abandoning_a_correction_leaves_it_to_correct_and_the_next_has_the_proofs_again(actor):
    deadline = of_solution(2, editeur=actor)
    filed = file(deadline, actor)
    decided(filed, State.TO_CORRECT)
    first = save(deadline, actor)
    assert [proof.sha256 for proof in first.proofs.all()] == [filed.proofs.get().sha256]
    abandon_draft(deadline, by=acting(actor, NOW))
    deadline.refresh_from_db()
    assert deadline.state == State.TO_CORRECT
    second = save(deadline, actor)
    assert second.number == 3
    assert [proof.name for proof in second.proofs.all()] == ["accuse.pdf"]
    assert on_disk() == named()
