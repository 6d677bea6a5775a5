"""Acts on many deadlines: what is left out and why, and what one act does to each row."""

import datetime as dt

import pytest

from accounts.enums import Role
from calendar_app.enums import State
from calendar_app.models import Deadline, Filing, FilingBatch, Proof
from calendar_app.services import bulk as services
from calendar_app.services.deadlines import open_deadlines
from calendar_app.services.decisions import decide, set_aside
from calendar_app.services.drafts import save_draft
from calendar_app.services.filings import OUT_OF_ORDER, GateClosed, file
from calendar_app.views.bulk import CONFIRM, DECLARE, SET_ASIDE
from documents.services.proofs import shelf
from journal.models import Entry
from journal.services.acts import PARTY
from journal.services.bulk import Changed, preview, run
from mailing.models import OutgoingMail
from tests.by import acting
from tests.calendar_app.filing_cases import NOW, OPENED, milestone_of, on_disk, organisation_of
from tests.calendar_app.papers import upload
from tests.entries import entries
from tests.factories import (
    MembershipFactory,
    PrestationFactory,
    SolutionFactory,
    SupplierFactory,
    justified_pilot,
    member,
)
from tests.plain_pdf import pdf

pytestmark = pytest.mark.usefixtures("calendars")
AN_HOUR_AGO = NOW - dt.timedelta(hours=1)


@pytest.fixture
def filer():
    return member(Role.REPRESENTANT)


@pytest.fixture
def supplier(filer):
    return SupplierFactory(solution=SolutionFactory(organisation=organisation_of(filer)))


def park(supplier, size, number=4):
    """Deadlines of one milestone, one for each of `size` prestations."""
    made = [
        row
        for _ in range(size)
        for row in open_deadlines(now=OPENED, prestation=PrestationFactory(supplier=supplier))
    ]
    return [row for row in made if milestone_of(row).number == number]


def seen(user, bulk, rows):
    return list(bulk.rows(user).filter(pk__in=[row.pk for row in rows]).order_by("pk"))


def shown(user, bulk, rows):
    return {row.pk: bulk.stamp(row) for row in seen(user, bulk, rows)}


def declared(user, rows, **values):
    given = {"deposited_at": AN_HOUR_AGO, "proofs": [upload()], "external_reference": "ASP-1"}
    return run(
        DECLARE, shown(user, DECLARE, rows), by=acting(user, NOW), values={**given, **values}
    )


def test_forty_deposits_have_one_receipt_one_file_one_mail(filer, supplier):
    rows = park(supplier, 40)
    number, batch = declared(filer, rows)
    assert number == 40
    assert {row.state for row in Deadline.objects.filter(pk__in=[r.pk for r in rows])} == {
        State.FILED
    }
    filings = Filing.objects.filter(batch=batch)
    assert [one["recepisse"] for one in batch.receipt["depots"]] == list(
        filings.order_by("deadline").values_list("receipt_number", flat=True)
    )
    assert set(filings.values_list("external_reference", "deposited_at")) == {
        ("ASP-1", AN_HOUR_AGO)
    }
    assert len(on_disk()) == 1
    assert Proof.objects.filter(filing__in=filings).count() == 40
    [mail] = OutgoingMail.objects.filter(kind="ACCUSE")
    assert mail.user == filer
    assert mail.subject.startswith(f"Récépissé {batch.receipt_number}")


def test_each_row_has_its_entry_and_the_act_one_that_lists_them(filer, supplier):
    rows = park(supplier, 3)
    declared(filer, rows)
    acts = [[entry.act for entry in entries(row)] for row in rows]
    assert all("deadline.file" in of_row for of_row in acts)
    [listed] = Entry.objects.filter(act="deadline.file_many")
    assert (listed.many, listed.what) == ([row.pk for row in rows], "3 dépôts déclarés")


def test_a_draft_keeps_its_own_files_and_comment(filer, supplier):
    with_draft, other = park(supplier, 2)
    save_draft(
        deadline=with_draft,
        by=acting(filer, NOW),
        comment="Au guichet",
        proofs=[upload("brouillon.pdf", pdf("Brouillon"))],
    )
    declared(filer, [with_draft, other])
    filings = {one.deadline_id: one for one in Filing.objects.filed()}
    names = {pk: sorted(p.name for p in one.proofs.current()) for pk, one in filings.items()}
    assert filings[with_draft.pk].comment == "Au guichet"
    assert (len(names[with_draft.pk]), len(names[other.pk])) == (2, 1)


def test_without_proof_every_page_says_so(filer, supplier):
    declared(filer, park(supplier, 2), proofs=[], without_proof=True)
    assert {one.is_without_proof for one in Filing.objects.filed()} == {True}


def one_by_one(bulk, row, user):
    """Why the service of its own page refuses the row, or nothing."""
    by = acting(user, NOW)
    try:
        if bulk is DECLARE:
            file(deadline=row, by=by, deposited_at=AN_HOUR_AGO, files=[upload()])
        elif bulk is SET_ASIDE:
            set_aside(row, reason="Fermé", by=by)
        else:
            decide(row.filings.filed().get(), decision=State.ACCEPTED, by=by)
    except GateClosed as gate:
        return " ".join(gate.messages)
    except Exception as refusal:  # noqa: BLE001  (whatever it refuses with is compared)
        return " ".join(getattr(refusal, "messages", [str(refusal)]))
    return ""


def closed(row, user):
    set_aside(row, reason="Fermé", by=acting(user, NOW))


def without_mandate(row, _user):
    supplier = row.prestation.supplier
    supplier.psc_until = dt.date(2026, 1, 1)
    supplier.save()


def filed_already(row, user):
    file(deadline=row, by=acting(user, NOW), deposited_at=AN_HOUR_AGO, files=[upload()])


@pytest.mark.parametrize("bulk", [DECLARE, SET_ASIDE])
@pytest.mark.parametrize("happens", [closed, without_mandate, filed_already])
@pytest.mark.parametrize("role", [Role.MANDATAIRE, Role.REPRESENTANT, Role.SALARIE])
def test_the_exceptions_are_those_of_one_by_one(filer, supplier, bulk, happens, role):
    row = park(supplier, 1)[0]
    happens(row, filer)
    user = member(role, organisation=organisation_of(filer))
    [fresh] = seen(user, bulk, [row])
    why = bulk.refusals([fresh], acting(user, NOW), {})[row.pk]
    assert bool(why) == bool(one_by_one(bulk, fresh, user))


def agent_of_the_fournisseur(filer):
    agent = member(Role.AGENT)
    MembershipFactory(user=agent, organisation=organisation_of(filer), role=Role.SALARIE)
    return agent


def test_a_party_leaves_the_deposits_to_another_agent(filer, supplier):
    declared(filer, rows := park(supplier, 2))
    agent = agent_of_the_fournisseur(filer)
    found = preview(CONFIRM, seen(agent, CONFIRM, rows), by=acting(agent, NOW))
    assert (found.ready, [why for _row, why in found.refused]) == ([], [PARTY, PARTY])


def test_another_milestone_and_another_organisation_stand_apart(filer, supplier):
    rows = park(supplier, 3)
    other = park(supplier, 1, number=6)
    elsewhere = SupplierFactory()
    MembershipFactory(user=filer, organisation=elsewhere.organisation, role=Role.REPRESENTANT)
    foreign = park(elsewhere, 1)
    found = DECLARE.refusals(
        seen(filer, DECLARE, [*rows, *other, *foreign]), acting(filer, NOW), {}
    )
    assert [found[row.pk] for row in rows] == ["", "", ""]
    assert found[other[0].pk].startswith("Autre jalon")
    assert found[foreign[0].pk].startswith("Autre organisation")


def test_what_changed_since_it_was_shown_is_named_and_nothing_is_done(filer, supplier):
    first, second = rows = park(supplier, 2)
    page = shown(filer, DECLARE, rows)
    closed(second, filer)
    with pytest.raises(Changed) as refused:
        run(
            DECLARE,
            page,
            by=acting(filer, NOW),
            values={"deposited_at": AN_HOUR_AGO, "proofs": [upload()]},
        )
    [(words, why)] = refused.value.lost
    assert str(second.subject) in words
    assert "Sans objet" in why
    first.refresh_from_db()
    assert (first.state, FilingBatch.objects.count(), on_disk()) == (State.TO_DO, 0, [])


def test_a_newer_deposit_is_not_confirmed_unseen(filer, supplier):
    agent = member(Role.AGENT)
    [row] = park(supplier, 1)
    filed_already(row, filer)
    page = shown(agent, CONFIRM, [row])
    later = NOW + dt.timedelta(minutes=5)
    filing = row.filings.filed().get()
    decide(filing, decision=State.TO_CORRECT, reason="Page 2", by=acting(agent, later))
    file(
        deadline=Deadline.objects.get(pk=row.pk),
        by=acting(filer, later),
        deposited_at=AN_HOUR_AGO,
        files=[upload("corrigé.pdf", pdf("Corrigé"))],
    )
    with pytest.raises(Changed):
        run(CONFIRM, page, by=acting(agent, later), values={})
    row.refresh_from_db()
    assert row.state == State.FILED


def test_the_realisation_not_declared_is_left_out_until_it_is_confirmed(filer, supplier):
    for _ in range(3):
        justified_pilot(supplier)
    rows = seen(filer, DECLARE, park(supplier, 2, number=6))
    by = acting(filer, NOW)
    without, with_it = (
        DECLARE.refusals(rows, by, {"deposited_at": AN_HOUR_AGO, "out_of_order": answer})
        for answer in (False, True)
    )
    assert set(without.values()) == {OUT_OF_ORDER}
    assert set(with_it.values()) == {""}


def test_forty_confirmed_deposits_are_one_mail_to_each_author(filer, supplier):
    other = member(Role.MANDATAIRE, organisation=organisation_of(filer))
    rows = park(supplier, 4)
    declared(filer, rows[:3])
    declared(other, rows[3:])
    agent = member(Role.AGENT)
    number, _ = run(CONFIRM, shown(agent, CONFIRM, rows), by=acting(agent, NOW), values={})
    assert number == 4
    mails = OutgoingMail.objects.filter(kind="DECISION").order_by("user")
    assert [mail.subject.split(" : ")[0] for mail in mails] == [
        "Décision · 3 dépôts confirmés",
        "Décision · 1 dépôt confirmé",
    ]
    assert Filing.objects.filter(decision=State.ACCEPTED, decided_by=agent).count() == 4


def test_a_bulk_entry_is_read_by_its_organisation_alone(filer, supplier):
    mine = park(supplier, 1)
    other_filer = member(Role.MANDATAIRE)
    others = park(
        SupplierFactory(solution=SolutionFactory(organisation=organisation_of(other_filer))), 1
    )
    declared(filer, mine)
    declared(other_filer, others)
    agent = member(Role.AGENT)
    run(CONFIRM, shown(agent, CONFIRM, [*mine, *others]), by=acting(agent, NOW), values={})
    listed = Entry.objects.filter(act="deadline.accept_many")
    assert sorted((entry.organisation_id, entry.many) for entry in listed) == sorted(
        (row.organisation_id, [row.pk]) for row in (*mine, *others)
    )


def test_the_preview_asks_as_much_for_forty_as_for_four(
    filer, supplier, django_assert_max_num_queries
):
    rows = park(supplier, 40)
    by = acting(filer, NOW)
    fresh = seen(filer, DECLARE, rows)
    with django_assert_max_num_queries(10):
        DECLARE.refusals(fresh, by, {})
    agent = member(Role.AGENT)
    assert agent.roles
    with django_assert_max_num_queries(10):
        CONFIRM.refusals(fresh, acting(agent, NOW), {})


def declared_then_failed(rows, by):
    with shelf() as kept:
        services.declare_all(rows, by=by, kept=kept, deposited_at=AN_HOUR_AGO, proofs=[upload()])
        raise ZeroDivisionError


def test_files_go_when_the_act_fails(filer, supplier):
    rows = seen(filer, DECLARE, park(supplier, 2))
    with pytest.raises(ZeroDivisionError):
        declared_then_failed(rows, acting(filer, NOW))
    assert on_disk() == []
