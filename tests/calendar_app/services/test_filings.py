"""Filing for good: dated, proved, stamped, mailed, and all or nothing."""

import datetime as dt
import hashlib

import pytest
from django.core.exceptions import ValidationError
from django.core.files.storage import FileSystemStorage

from accounts.enums import Role
from calendar_app.enums import Channel, FilingOrigin, FilingStatus, State
from calendar_app.models import Filing, Milestone, Proof
from calendar_app.rules.parameters import NOON_IN_TIME
from calendar_app.services import filings
from calendar_app.services.drafts import save_draft
from mailing.models import OutgoingMail
from mailing.rules import RECEIPT_MAIL
from mailing.services import mail
from parameters.models import RegulatoryParameter
from segur.lib.canonical import canonical
from tests.by import acting
from tests.calendar_app import papers
from tests.calendar_app.filing_cases import (
    NOW,
    colleague,
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
from tests.pages import as_read

pytestmark = pytest.mark.usefixtures("calendars")


@pytest.fixture
def actor():
    return member(Role.REPRESENTANT, full_name="Ana Fictive")


@pytest.fixture
def deadline(actor):
    return of_prestation(5, editeur=actor)


def pieces(filing):
    return [piece["nom"] for piece in filing.receipt["pieces"]]


def paris_noon(minute=0, second=0):
    return dt.datetime(2027, 6, 9, 10, minute, second, tzinfo=dt.UTC)


def test_a_draft_is_filed(deadline, actor):
    deposited_at = NOW - dt.timedelta(hours=2)
    save_draft(
        deadline=deadline,
        by=acting(actor, NOW - dt.timedelta(hours=1)),
        comment="Signé",
        external_reference="PV-7",
        deposited_at=deposited_at,
        proofs=[upload()],
    )
    filing = filings.file(deadline=deadline, by=acting(actor, NOW))
    deadline.refresh_from_db()
    assert deadline.state == State.FILED
    assert Filing.objects.get() == filing
    assert (filing.status, filing.origin) == (FilingStatus.FILED, FilingOrigin.DECLARED)
    assert (filing.deposited_at, filing.recorded_at) == (deposited_at, NOW)
    assert (filing.due_at, filing.deadline_version) == (deadline.due_at, deadline.version)
    assert (filing.recorded_by, filing.recorded_by_name) == (actor, "Ana Fictive")
    assert entries(deadline)[-1].what == f"Dépôt n° 1 enregistré, récépissé {filing.receipt_number}"


@pytest.mark.parametrize(
    ("deposited_at", "noon_in_time", "in_time"),
    [
        (paris_noon() - dt.timedelta(seconds=1), False, True),
        (paris_noon() - dt.timedelta(microseconds=1), False, True),
        (paris_noon(), False, False),
        (paris_noon(), True, True),
        (paris_noon(30), False, False),
        (paris_noon(30), True, False),
    ],
)
def test_late_is_accepted_and_marked(deadline, actor, deposited_at, noon_in_time, in_time):
    RegulatoryParameter.objects.create(
        key=NOON_IN_TIME, value=noon_in_time, effective_from=deadline.created_at, author_name="X"
    )
    filing = file(deadline, actor, now=paris_noon(45), deposited_at=deposited_at)
    assert filing.receipt["dans_les_delais"] is in_time


def test_filed_here_the_instant_is_now(deadline, actor):
    Milestone.objects.filter(pk=deadline.milestone_id).update(channel=Channel.HERE)
    filing = file(deadline, actor, deposited_at=NOW - dt.timedelta(days=3))
    assert filing.deposited_at == NOW
    assert "dépôt dans cette application" in filing.receipt["mention"]


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"deposited_at": NOW + dt.timedelta(seconds=1)}, "deposited_at", "dans le futur"),
        ({"deposited_at": dt.datetime(2019, 6, 9, tzinfo=dt.UTC)}, "deposited_at", "2019"),
        ({"files": []}, "proofs", "au moins une pièce"),
        ({"deposited_at": None}, "deposited_at", "le jour et l'heure"),
        ({"files": [upload(), upload("a.pdf", papers.HTML)]}, None, "a.pdf"),
    ],
)
def test_refused_and_nothing_is_left(deadline, actor, changes, field, words):
    given = {"deposited_at": NOW, "files": [upload()], **changes}
    with pytest.raises(ValidationError) as refused:
        filings.file(deadline=deadline, by=acting(actor, NOW), **given)
    assert words in refused.value.messages[0]
    if field:
        assert list(refused.value.message_dict) == [field]
    nothing_filed(deadline)


@pytest.mark.parametrize("deposited_at", [None, NOW + dt.timedelta(seconds=1)])
def test_all_that_is_wrong_is_shown_at_once(deadline, actor, deposited_at):
    with pytest.raises(ValidationError) as refused:
        filings.file(deadline=deadline, by=acting(actor, NOW), deposited_at=deposited_at)
    assert set(refused.value.message_dict) == {"deposited_at", "proofs"}
    nothing_filed(deadline)


def nothing_filed(deadline):
    deadline.refresh_from_db()
    assert deadline.state == State.TO_DO
    assert not Filing.objects.exists()
    assert not Proof.objects.exists()
    assert not OutgoingMail.objects.exists()
    assert entries(deadline) == []
    assert on_disk() == []


SECOND = dt.timedelta(seconds=1)
FIRST_OF_2024 = dt.datetime(2023, 12, 31, 23, tzinfo=dt.UTC)


@pytest.mark.parametrize("instant", [FIRST_OF_2024, NOW - SECOND, NOW])
def test_a_deposit_is_declared_from_2024_on_the_paris_clock_until_now(instant):
    assert filings.instant_problem(instant, NOW) == ""


@pytest.mark.parametrize(
    ("instant", "words"),
    [
        (FIRST_OF_2024 - SECOND, "Vérifiez l'année : rien ne se déposait en 2023."),
        (NOW + SECOND, "Cette date est dans le futur"),
    ],
)
def test_a_deposit_before_2024_or_after_now_is_refused(instant, words):
    assert words in filings.instant_problem(instant, NOW)


def test_a_full_disk_at_the_second_file_leaves_nothing(deadline, actor, monkeypatch):
    """The second file is cut in its middle, as a disk does: its beginning goes too."""
    save = vars(FileSystemStorage)["_save"]
    count = []

    def full(self, name, content):
        count.append(name)
        if len(count) == 1:
            return save(self, name, content)
        save(self, name, upload(content=b"%PDF-"))
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(FileSystemStorage, "_save", full)
    with pytest.raises(ValidationError, match="ne peut plus garder de fichiers"):
        file(deadline, actor, files=[upload(), upload("deux.pdf", papers.paper(2))])
    assert len(count) == 2
    nothing_filed(deadline)


def test_a_receipt_that_cannot_be_mailed_leaves_nothing(deadline, actor, monkeypatch):
    def fail(**_kwargs):
        raise RuntimeError("the ledger is down")

    monkeypatch.setattr(mail, "post", fail)
    with pytest.raises(RuntimeError, match="ledger"):
        file(deadline, actor)
    nothing_filed(deadline)


def test_a_failure_leaves_the_draft_and_its_files_as_they_were(deadline, actor):
    draft = save_draft(deadline=deadline, by=acting(actor, NOW), proofs=[upload()])
    with pytest.raises(ValidationError):
        filings.file(deadline=deadline, by=acting(actor, NOW), files=[upload("deux.pdf")])
    draft.refresh_from_db()
    assert draft.status == FilingStatus.DRAFT
    assert [proof.name for proof in draft.proofs.all()] == ["accuse.pdf"]
    assert on_disk() == named()


@pytest.mark.parametrize("number", [4, 6])
def test_a_money_step_lists_every_missing_right_and_keeps_the_draft(actor, number):
    deadline = of_prestation(number, editeur=actor, psc_from=None, psc_until=None)
    solution = deadline.prestation.supplier.solution
    solution.referenced_on = None
    solution.save()
    save_draft(deadline=deadline, by=acting(actor, NOW), comment="Prêt", proofs=[upload()])
    with pytest.raises(filings.GateClosed) as closed:
        filings.file(deadline=deadline, by=acting(actor, NOW), deposited_at=NOW)
    reasons = [unmet.reason for unmet in closed.value.reasons]
    assert len(reasons) == 2
    assert "référencement Vague 2" in reasons[0]
    assert "EDC PSC" in reasons[1]
    assert all(unmet.who for unmet in closed.value.reasons)
    deadline.refresh_from_db()
    assert deadline.state == State.DRAFT
    draft = Filing.objects.get()
    assert (draft.status, draft.comment, draft.proofs.count()) == (FilingStatus.DRAFT, "Prêt", 1)


def test_the_rights_must_hold_on_the_day_of_the_deposit(actor):
    deadline = of_prestation(4, editeur=actor, psc_until=dt.date(2026, 12, 31))
    with pytest.raises(filings.GateClosed):
        file(deadline, actor, deposited_at=NOW)
    kept = dt.datetime(2026, 11, 9, 10, tzinfo=dt.UTC)
    assert file(deadline, actor, deposited_at=kept).receipt["dans_les_delais"]


def test_missing_rights_do_not_stop_the_realisation(actor):
    deadline = of_prestation(5, editeur=actor, psc_from=None, psc_until=None)
    assert file(deadline, actor).status == FilingStatus.FILED


def test_receipts_have_numbers_of_their_own_and_digests_that_anybody_recomputes(actor):
    numbers = set()
    for number in (4, 5, 6):
        filing = file(of_prestation(number, editeur=actor), actor)
        filing.refresh_from_db()
        numbers.add(filing.receipt_number)
        assert filing.receipt["numero"] == filing.receipt_number
        assert filing.receipt_sha256 == hashlib.sha256(canonical(filing.receipt)).hexdigest()
        (piece,) = filing.receipt["pieces"]
        assert piece["sha256"] == hashlib.sha256(papers.PDF).hexdigest()
        assert piece["octets"] == len(papers.PDF)
    assert len(numbers) == 3


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (2, "déclaré sur Convergence. Il ne vaut pas dépôt"),
        (4, "déclaré sur le portail de l'ASP. Il ne vaut pas dépôt"),
        (5, "d'une réalisation déclarée. Il ne vaut ni procès-verbal"),
    ],
)
def test_a_receipt_says_where_the_deposit_was_made(actor, number, words):
    make = of_solution if number < 4 else of_prestation
    assert words in file(make(number, editeur=actor), actor).receipt["mention"]


def test_a_withdrawn_proof_is_not_on_the_receipt(deadline, actor):
    draft = save_draft(deadline=deadline, by=acting(actor, NOW), proofs=[upload("tort.pdf")])
    draft.proofs.update(withdrawn_at=NOW)
    filing = file(deadline, actor, files=[upload("juste.pdf")])
    assert pieces(filing) == ["juste.pdf"]


def test_the_receipt_is_mailed_to_who_prepared_and_to_who_recorded(deadline, actor):
    preparer = colleague(actor, Role.SALARIE)
    save_draft(deadline=deadline, by=acting(preparer, NOW), proofs=[upload()])
    filing = file(deadline, actor, files=[])
    sent = OutgoingMail.objects.filter(kind=RECEIPT_MAIL)
    assert {row.to_email for row in sent} == {actor.email, preparer.email}
    for row in sent:
        assert row.subject.startswith(f"Récépissé {filing.receipt_number} : Réalisation des")
        assert "&#x27;" not in row.subject + as_read(row.body_text)
        for part in (filing.receipt["mention"], filing.receipt_sha256, "accuse.pdf"):
            assert part in as_read(row.body_text)
        assert filing.receipt_sha256 in as_read(row.body_html)
        assert "09/06/2027 à 10h45min00s (heure de Paris)" in as_read(row.body_text)


def test_who_prepared_and_has_left_is_not_notified(deadline, actor):
    preparer = colleague(actor, Role.SALARIE)
    save_draft(deadline=deadline, by=acting(preparer, NOW), proofs=[upload()])
    preparer.memberships.all().delete()
    file(deadline, actor, files=[])
    assert OutgoingMail.objects.get(kind=RECEIPT_MAIL).user == actor


def test_one_mail_when_one_person_did_both(deadline, actor):
    file(deadline, actor)
    assert OutgoingMail.objects.get().user == actor


def test_filing_twice_is_refused(deadline, actor):
    file(deadline, actor)
    with pytest.raises(ValidationError, match="« Déposé »"):
        file(deadline, actor)
    assert Filing.objects.count() == 1
    assert on_disk() == named()


def test_a_correction_keeps_both_versions(deadline, actor):
    first = file(deadline, actor)
    decided(first, State.TO_CORRECT)
    draft = save_draft(
        deadline=deadline, by=acting(actor, NOW), proofs=[upload("page2.pdf", papers.paper(2))]
    )
    assert [proof.name for proof in draft.proofs.all()] == ["accuse.pdf", "page2.pdf"]
    draft.proofs.filter(name="accuse.pdf").update(withdrawn_at=NOW)
    second = filings.file(deadline=deadline, by=acting(actor, NOW), deposited_at=NOW)
    first.refresh_from_db()
    deadline.refresh_from_db()
    assert deadline.state == State.FILED
    assert (first.number, second.number) == (1, 2)
    assert pieces(first) == ["accuse.pdf"]
    assert pieces(second) == ["page2.pdf"]
    assert first.proofs.get().withdrawn_at is None
    assert content_of(first.proofs.get()) == papers.PDF
    assert len(on_disk()) == 2


def past(deadline, actor, **fields):
    values = {"outcome": State.FILED, "deposited_at": paris_noon() - dt.timedelta(days=400)}
    return filings.take_over(deadline=deadline, by=acting(actor, NOW), **{**values, **fields})


@pytest.mark.parametrize(
    ("deposited_at", "in_time"),
    [
        (dt.datetime(2026, 5, 13, 9, 59, 59, tzinfo=dt.UTC), True),
        (dt.datetime(2026, 5, 13, 10, tzinfo=dt.UTC), False),
        (dt.datetime(2026, 5, 14, 10, tzinfo=dt.UTC), False),
    ],
)
def test_the_past_is_taken_over_without_proof_nor_mail(actor, deposited_at, in_time):
    deadline = of_solution(2, editeur=actor)
    filing = past(
        deadline, actor, deposited_at=deposited_at, reference="CONV-1", without_proof=True
    )
    deadline.refresh_from_db()
    assert deadline.state == State.FILED
    assert (filing.origin, filing.external_reference) == (FilingOrigin.TAKEN_OVER, "CONV-1")
    assert filing.receipt["dans_les_delais"] is in_time
    assert filing.receipt["origine"] == "Repris du passé"
    assert not OutgoingMail.objects.exists()


def test_the_past_with_its_proof(actor):
    filing = past(of_solution(2, editeur=actor), actor, files=[upload()])
    assert pieces(filing) == ["accuse.pdf"]


def test_the_past_set_aside(actor):
    deadline = of_solution(2, editeur=actor)
    assert past(deadline, actor, outcome=State.NOT_APPLICABLE, reason="Nouvelle solution") is None
    deadline.refresh_from_db()
    assert (deadline.state, deadline.state_reason) == (State.NOT_APPLICABLE, "Nouvelle solution")


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"deposited_at": None}, "deposited_at"),
        ({"deposited_at": NOW + dt.timedelta(days=1)}, "deposited_at"),
        ({"deposited_at": dt.datetime(2019, 1, 1, tzinfo=dt.UTC)}, "deposited_at"),
        ({"outcome": State.NOT_APPLICABLE, "reason": "  "}, "reason"),
    ],
)
def test_a_past_that_cannot_be(actor, fields, field):
    deadline = of_solution(2, editeur=actor)
    with pytest.raises(ValidationError) as refused:
        past(deadline, actor, files=[upload()], **fields)
    assert list(refused.value.message_dict) == [field]
    nothing_filed(deadline)
