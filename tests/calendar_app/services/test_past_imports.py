"""A file of deposits already made: the rules of the take-over of the past, line by line."""

import datetime as dt

import pytest

from accounts.enums import Role
from calendar_app.enums import FilingOrigin, FilingStatus, State
from calendar_app.models import Filing, Supplier
from calendar_app.services.deadlines import open_deadlines
from calendar_app.services.filings import NO_INSTANT, NOT_PAST, OUT_OF_ORDER, take_over
from calendar_app.services.past_imports import (
    KIND,
    MUST_FILE,
    NO_MILESTONE,
    NO_PRESTATION,
    NO_REASON,
    NO_SOLUTION,
    WHICH_SOLUTION,
)
from imports.services.lines import CHANGED
from journal.enums import Origin
from journal.rules.by import By
from segur.lib import paris
from segur.lib.canonical import digest
from tests.entries import entries
from tests.factories import (
    MembershipFactory,
    PrestationFactory,
    SolutionFactory,
    SupplierFactory,
    member,
)
from tests.imports.files import as_csv, choose, confirm, preview, problems, record
from tests.pages import text

NOW = paris.at(dt.date(2027, 12, 1), dt.time(9))
DAY = "01/06/2027 10:00"
pytestmark = pytest.mark.usefixtures("calendars", "stopped")


@pytest.fixture
def prestation():
    """A RIS at a Client, recorded when every milestone is past."""
    supplier = SupplierFactory(psc_until=dt.date(2027, 6, 30))
    found = PrestationFactory(supplier=supplier, client__finess="750000011", created_at=NOW)
    open_deadlines(solution=supplier.solution, now=NOW)
    open_deadlines(prestation=found, now=NOW)
    return found


@pytest.fixture
def user(prestation):
    return member(Role.REPRESENTANT, prestation.organisation)


def line(milestone="ris-4", **cells):
    of_client = {"ris-1": "", "ris-2": ""}.get(milestone, "750000011")
    return {
        "Jalon": milestone,
        "FINESS": of_client,
        "Solution": "",
        "Situation": "Déposé",
        "Déposé le": DAY,
        "Accusé": "ASP-1",
        "Motif": "",
        "Avant la réalisation": "",
        **cells,
    }


def deadline_of(prestation, number):
    return prestation.deadlines.get(milestone__number=number)


def test_a_file_takes_over_the_past_of_a_solution_and_of_a_client(client, user, prestation):
    rows = [
        line(),
        line("RIS 1", FINESS="", **{"Déposé le": "02/09/2025 17:42", "Accusé": "CV-1"}),
        line("ris-5", Situation="sans objet", Motif="Client repris.", **{"Déposé le": ""}),
    ]
    assert record(client, user, KIND.code, rows).sentence == "Lignes du fichier : 3 ajoutées."
    first, fourth = Filing.objects.order_by("deadline__milestone__number")
    assert (first.external_reference, fourth.external_reference) == ("CV-1", "ASP-1")
    assert fourth.origin == FilingOrigin.TAKEN_OVER
    assert fourth.deposited_at == dt.datetime(2027, 6, 1, 8, tzinfo=dt.UTC)
    assert fourth.is_without_proof
    assert fourth.recorded_by == user
    assert "sans preuve" in entries(fourth.deadline)[-1].what
    fifth = deadline_of(prestation, 5)
    assert (fifth.state, fifth.state_reason) == (State.NOT_APPLICABLE, "Client repris.")


@pytest.mark.parametrize(
    ("cells", "column", "sentence"),
    [
        ({"Jalon": "ris-9"}, "Jalon", NO_MILESTONE),
        ({"FINESS": "750000012"}, "FINESS", NO_PRESTATION),
        ({"FINESS": ""}, "FINESS", NO_PRESTATION),
        ({"Jalon": "ris-1", "Solution": "Autre"}, "Solution", NO_SOLUTION),
        ({"Situation": "Perdu"}, "Situation", "Écrivez : Déposé, Sans objet."),
        ({"Situation": "Sans objet"}, "Motif", NO_REASON),
        ({"Déposé le": ""}, "Déposé le", NO_INSTANT),
        ({"Déposé le": "01/06/2027"}, "Déposé le", "L'heure manque"),
        ({"Déposé le": "02/12/2027 10:00"}, "Déposé le", "dans le futur"),
        ({"Déposé le": "01/07/2027 10:00"}, "Déposé le", "habilitation"),
    ],
)
def test_what_is_wrong_is_named_at_its_line_and_column(client, user, cells, column, sentence):
    [(number, named, refusal)] = problems(choose(client, user, KIND.code, [line(**cells)]))
    assert (number, named) == (2, column)
    assert sentence in refusal
    assert not Filing.objects.exists()


@pytest.mark.parametrize(
    ("day", "is_refused"),
    [("29/06/2027 10:00", False), ("30/06/2027 23:59", False), ("01/07/2027 00:01", True)],
)
def test_the_rights_to_the_money_are_those_of_the_day_of_the_deposit(client, user, day, is_refused):
    answer = choose(client, user, KIND.code, [line(**{"Déposé le": day})])
    assert answer.status_code == (422 if is_refused else 302)


def test_a_solde_is_taken_with_the_realisation_of_the_same_file(client, user, prestation):
    rows = [line("ris-6", **{"Déposé le": "02/06/2027 10:00"}), line("ris-5")]
    shown = choose(client, user, KIND.code, rows)
    assert [column for _, column, _ in problems(shown)] == ["Déposé le"]  # the pilots' gate
    rows[0]["Situation"], rows[0]["Motif"] = "Sans objet", "Abandonné."
    record(client, user, KIND.code, rows)
    assert deadline_of(prestation, 5).state == State.FILED


def test_a_solde_without_its_realisation_is_confirmed_and_meets_every_gate(client, user):
    alone = problems(choose(client, user, KIND.code, [line("ris-6")]))
    assert [column for _, column, _ in alone] == ["Avant la réalisation", "Déposé le"]
    assert alone[0][2] == OUT_OF_ORDER
    confirmed = line("ris-6", **{"Avant la réalisation": "oui"})
    left = problems(choose(client, user, KIND.code, [confirmed]))
    assert [column for _, column, _ in left] == ["Déposé le"]  # the pilots


def test_what_fell_due_after_the_recording_is_not_of_the_past(client, user, prestation):
    type(prestation).objects.filter(pk=prestation.pk).update(
        created_at=deadline_of(prestation, 4).due_at - dt.timedelta(seconds=1)
    )
    cells = {"Déposé le": "01/06/2026 10:00"}
    found = problems(choose(client, user, KIND.code, [line(**cells)]))
    assert found == [(2, "Jalon", NOT_PAST)]


def test_the_same_file_twice_changes_nothing_and_another_date_is_refused(client, user, prestation):
    rows = [line(), line("ris-5", Situation="Sans objet", Motif="Repris.", **{"Déposé le": ""})]
    record(client, user, KIND.code, rows)
    assert "Tout est déjà enregistré" in text(
        preview(client, choose(client, user, KIND.code, rows))
    )
    other = [line(**{"Déposé le": "02/06/2027 10:00"})]
    [(number, column, refusal)] = problems(choose(client, user, KIND.code, other))
    assert (number, column) == (2, "Situation")
    assert "déjà à l'état « Déposé », déposé le 01/06/2027" in refusal
    assert Filing.objects.count() == 1


def test_of_two_solutions_of_a_dispositif_the_file_names_one(client, user, prestation):
    other = SolutionFactory(organisation=prestation.organisation, created_at=NOW)
    open_deadlines(solution=other, now=NOW)
    cells = {"Déposé le": "02/09/2025 17:42"}
    found = problems(choose(client, user, KIND.code, [line("ris-1", **cells)]))
    assert found == [(2, "Solution", WHICH_SOLUTION)]
    record(client, user, KIND.code, [line("ris-1", Solution=str(other), **cells)])
    assert Filing.objects.get().deadline.solution == other


def test_a_right_that_is_lost_between_check_and_button_refuses_the_file(client, user, prestation):
    shown = preview(client, choose(client, user, KIND.code, [line()]))
    Supplier.objects.update(psc_until=dt.date(2027, 5, 31))
    address = shown.request["PATH_INFO"]
    answer = client.post(address, {"sha256": shown.context["job"].sha256}, follow=True)
    assert CHANGED in text(answer)
    assert not Filing.objects.exists()


def test_who_does_not_file_takes_nothing_over(client, prestation):
    salarie = member(Role.SALARIE, prestation.organisation)
    assert choose(client, salarie, KIND.code, [line()]).status_code == 403


@pytest.mark.usefixtures("prestation")
def test_to_an_outsider_the_prestation_does_not_exist(client):
    outsider = member(Role.MANDATAIRE)
    found = problems(choose(client, outsider, KIND.code, [line()]))
    assert found == [(2, "FINESS", NO_PRESTATION)]


def test_for_an_organisation_where_one_does_not_file_every_line_is_refused(client, prestation):
    user = member(Role.SALARIE, prestation.organisation)
    MembershipFactory(role=Role.MANDATAIRE, user=user)
    by = By.person(user, NOW, organisation=prestation.organisation)
    [found] = KIND.plan(as_csv([line()]), by).problems
    assert (found.column, found.sentence) == ("", MUST_FILE)


FACTS = (
    *("number", "status", "origin", "external_reference", "deposited_at", "prepared_by_id"),
    *("prepared_at", "recorded_at", "recorded_by_id", "recorded_by_name", "due_at"),
    *("deadline_version", "comment", "batch_id", "decision"),
)


def trace(deadline):
    """All that a take-over writes, without what the database numbers."""
    deadline.refresh_from_db()
    filing = deadline.filings.get()
    [entry] = entries(deadline)
    numbered = {"numero": "", "objet": ""}
    assert filing.receipt_sha256 == digest(filing.receipt)
    assert filing.receipt["numero"] == filing.receipt_number
    assert filing.receipt_number == f"REC-{NOW.year}-{filing.pk:06}"
    return (
        [getattr(filing, name) for name in FACTS],
        filing.receipt | numbered,
        (deadline.state, deadline.state_reason, deadline.changed_at, deadline.reopened_at),
        (entry.act, entry.what.replace(filing.receipt_number, ""), entry.before, entry.after),
        (entry.signer_id, entry.organisation_id, entry.note, entry.readers, entry.origin),
        sorted(deadline.reminders.values_list("state", "state_reason")),
    )


def test_a_deposit_of_a_file_leaves_what_its_page_leaves(client, user, prestation):
    other = PrestationFactory(
        supplier=prestation.supplier, client__finess="750000022", created_at=NOW
    )
    open_deadlines(prestation=other, now=NOW)
    take_over(
        deadline=deadline_of(other, 4),
        outcome=State.FILED,
        deposited_at=dt.datetime(2027, 6, 1, 8, tzinfo=dt.UTC),
        reference="ASP-1",
        without_proof=True,
        by=By.person(user, NOW, organisation=prestation.organisation, origin=Origin.FILE),
    )
    record(client, user, KIND.code, [line()])
    assert trace(deadline_of(prestation, 4)) == trace(deadline_of(other, 4))


def test_what_was_begun_on_a_page_is_completed_by_the_file(client, user, prestation):
    deadline = deadline_of(prestation, 4)
    begun = Filing.objects.create(deadline=deadline, number=1, comment="À relire")
    record(client, user, KIND.code, [line()])
    begun.refresh_from_db()
    assert (begun.status, begun.comment) == (FilingStatus.FILED, "À relire")
    assert Filing.objects.count() == 1


def test_the_queries_do_not_follow_the_lines(
    client, user, prestation, django_assert_max_num_queries
):
    finesses = [f"7500001{n:02}" for n in range(20)]
    for finess in finesses:
        one = PrestationFactory(supplier=prestation.supplier, client__finess=finess, created_at=NOW)
        open_deadlines(prestation=one, now=NOW)
    shown = preview(client, choose(client, user, KIND.code, [line(FINESS=one) for one in finesses]))
    with django_assert_max_num_queries(75):
        confirm(client, shown)
    assert Filing.objects.count() == 20
