"""The gate of the RIS solde, through the database and the service that files."""

import datetime as dt

import pytest
from django.urls import reverse

from accounts.enums import Role
from calendar_app.enums import Nature, State
from calendar_app.models import Deadline
from calendar_app.selectors.gates import unmet_of
from calendar_app.services import filings
from calendar_app.services.calendars import milestone_amend
from calendar_app.services.deadlines import open_deadlines
from parameters.models import RegulatoryParameter
from pilots.enums import AspRequestState, PVState
from pilots.pv.models import AspRequest, PilotPV
from pilots.pv.rules.parameters import PER_SOLUTION, PILOT_CLIENTS, PILOT_SCOPE
from pilots.pv.selectors.gate import unmet_pilots
from tests.by import acting
from tests.calendar_app.filing_cases import file, milestone_of
from tests.calendar_app.papers import upload
from tests.factories import (
    OrganisationFactory,
    PilotPVFactory,
    PrestationFactory,
    SolutionFactory,
    SupplierFactory,
    justified_pilot,
    member,
)

pytestmark = pytest.mark.usefixtures("calendars")

NOW = dt.datetime(2027, 6, 9, 9, 45, tzinfo=dt.UTC)


@pytest.fixture
def actor():
    return member(Role.MANDATAIRE)


@pytest.fixture
def supplier(actor):
    editeur = actor.memberships.get().organisation
    return SupplierFactory(solution=SolutionFactory(organisation=editeur))


def deadline_of(supplier, number=6):
    prestation = PrestationFactory(supplier=supplier)
    open_deadlines(now=NOW, prestation=prestation)
    return Deadline.objects.with_subject().get(prestation=prestation, milestone__number=number)


def client_named(name):
    return OrganisationFactory(client=True, name=name)


def reasons_of(deadline, now=NOW):
    return [unmet.reason for unmet in unmet_of([deadline], now)[deadline.pk]]


def parameter(key, value):
    RegulatoryParameter.objects.create(
        key=key,
        value=value,
        effective_from=dt.datetime(2026, 1, 1, tzinfo=dt.UTC),
        source="Arrêté fictif",
        author_name="Essai",
    )


def three(supplier):
    return [justified_pilot(supplier) for _ in range(3)]


# --- What opens it, what leaves it closed -------------------------------------------------------


def test_closed_until_the_third_client_counts(supplier):
    deadline = deadline_of(supplier)
    for missing in (3, 2, 1):
        (reason,) = reasons_of(deadline)
        assert reason.startswith(f"Il manque {missing} Client")
        justified_pilot(supplier)
    assert reasons_of(deadline) == []


def missing_advance(supplier):
    justified_pilot(supplier, advance=AspRequestState.DEPOSITED, client=client_named("Ambre"))
    return ["Ambre : demande de paiement de l'avance déposée, pas encore validée par l'ASP."]


def no_request_at_all(supplier):
    pilot = justified_pilot(supplier, client=client_named("Ambre"))
    AspRequest.objects.filter(prestation=pilot.prestation).delete()
    return [
        "Ambre : demande de financement à déposer.",
        "Ambre : demande de paiement de l'avance à déposer.",
    ]


def refused(supplier):
    justified_pilot(supplier, pv=PVState.NOT_CONFORM, client=client_named("Ambre"))
    return ["Ambre : PV non conforme : à corriger, ou Client à remplacer."]


def abandoned(supplier):
    justified_pilot(supplier, pv=PVState.ABANDONED, client=client_named("Ambre"))
    return ["Ambre : PV d'installation pilote à préparer."]


def withdrawn(supplier):
    pilot = justified_pilot(supplier, client=client_named("Ambre"))
    pilot.withdrawn_at = NOW
    pilot.save()
    return ["Il manque 1 Client pilote sur 3 : à désigner."]


def of_another_supplier(supplier):
    justified_pilot(SupplierFactory(solution=supplier.solution, organisation=OrganisationFactory()))
    return ["Il manque 1 Client pilote sur 3 : à désigner."]


def of_another_solution(supplier):
    other = SolutionFactory(organisation=supplier.solution.organisation)
    justified_pilot(SupplierFactory(solution=other))
    return ["Il manque 1 Client pilote sur 3 : à désigner."]


@pytest.mark.parametrize(
    "third",
    [
        missing_advance,
        no_request_at_all,
        refused,
        abandoned,
        withdrawn,
        of_another_supplier,
        of_another_solution,
    ],
)
def test_a_third_that_does_not_count_leaves_it_closed_and_says_why(supplier, third):
    for _ in range(2):
        justified_pilot(supplier)
    reasons = third(supplier)
    assert reasons_of(deadline_of(supplier)) == reasons


def test_an_abandoned_pv_done_again_counts(supplier):
    pilots = three(supplier)
    pilots[0].pvs.update(state=PVState.ABANDONED)
    deadline = deadline_of(supplier)
    assert reasons_of(deadline)
    PilotPVFactory(pilot=pilots[0])
    assert reasons_of(deadline) == []


@pytest.mark.parametrize("pv", [PVState.NOT_CONFORM, PVState.DRAFT, None])
def test_a_fourth_client_changes_nothing(supplier, pv):
    three(supplier)
    justified_pilot(supplier, pv=pv)
    assert reasons_of(deadline_of(supplier)) == []


def test_a_fourth_replaces_a_refused_one(supplier):
    pilots = three(supplier)
    pilots[0].pvs.update(state=PVState.NOT_CONFORM)
    deadline = deadline_of(supplier)
    assert reasons_of(deadline)
    justified_pilot(supplier)
    assert reasons_of(deadline) == []


# --- Per solution -------------------------------------------------------------------------------


def test_per_solution_two_pv_of_one_client_count_once(supplier):
    parameter(PILOT_SCOPE, PER_SOLUTION)
    other = SupplierFactory(solution=supplier.solution, organisation=OrganisationFactory())
    shared = client_named("Ambre")
    justified_pilot(supplier, client=shared)
    justified_pilot(other, client=shared)
    justified_pilot(other)
    mine, theirs = deadline_of(supplier), deadline_of(other)
    one = ["Il manque 1 Client pilote sur 3 : à désigner."]
    assert (reasons_of(mine), reasons_of(theirs)) == (one, one)
    justified_pilot(other)
    assert (reasons_of(mine), reasons_of(theirs)) == ([], [])


def test_per_solution_the_clients_of_others_are_not_named(supplier):
    parameter(PILOT_SCOPE, PER_SOLUTION)
    other = SupplierFactory(solution=supplier.solution, organisation=OrganisationFactory())
    justified_pilot(supplier)
    justified_pilot(supplier)
    justified_pilot(other, pv=PVState.SENT, client=client_named("Ambre"))
    waiting = "PV transmis, en attente de contrôle."
    assert reasons_of(deadline_of(supplier)) == [f"Un Client d'un autre Fournisseur : {waiting}"]
    assert reasons_of(deadline_of(other)) == [f"Ambre : {waiting}"]


def test_the_number_of_clients_is_a_parameter(supplier):
    parameter(PILOT_CLIENTS, 1)
    justified_pilot(supplier)
    assert reasons_of(deadline_of(supplier)) == []


# --- What it is not about -----------------------------------------------------------------------


@pytest.mark.parametrize("number", [4, 5])
def test_no_other_milestone_is_gated(supplier, actor, number):
    deadline = deadline_of(supplier, number)
    assert reasons_of(deadline) == []
    assert file(deadline, actor).deposited_at


def test_a_drimbox_is_never_gated(actor):
    editeur = actor.memberships.get().organisation
    solution = SolutionFactory(organisation=editeur, drimbox=True)
    deadline = deadline_of(SupplierFactory(solution=solution))
    assert unmet_pilots([deadline], NOW) == {}
    assert file(deadline, actor).deposited_at


def test_it_follows_the_milestone_whatever_its_date(supplier):
    deadline = deadline_of(supplier)
    milestone_amend(
        milestone=milestone_of(deadline),
        due_at=dt.datetime(2027, 11, 24, 11, tzinfo=dt.UTC),
        reason="Report",
        source="Texte",
        nature=Nature.REGULATORY,
        by=acting(member(Role.RESPONSABLE), NOW),
    )
    deadline = Deadline.objects.with_subject().get(pk=deadline.pk)
    assert deadline.version == 2
    assert reasons_of(deadline)
    three(supplier)
    assert reasons_of(deadline) == []


# --- Filing -------------------------------------------------------------------------------------


def test_a_closed_gate_refuses_the_filing_and_keeps_the_draft(supplier, actor):
    deadline = deadline_of(supplier)
    with pytest.raises(filings.GateClosed) as closed:
        file(deadline, actor)
    (unmet,) = closed.value.reasons
    assert unmet.reason == "Il manque 3 Clients pilotes sur 3 : à désigner."
    assert unmet.who == f"{supplier.organisation.name} (Fournisseur)"
    assert unmet.url == reverse("pilots:index")
    deadline.refresh_from_db()
    assert deadline.state == State.TO_DO
    three(supplier)
    assert file(deadline, actor).receipt["dans_les_delais"]


def test_a_deposit_made_before_the_third_conforme_is_refused_and_says_why(supplier, actor):
    *_, last = three(supplier)
    decided = dt.datetime(2027, 5, 3, 8, 30, tzinfo=dt.UTC)
    PilotPV.objects.filter(pilot=last).update(decided_at=decided)
    deadline = deadline_of(supplier)
    with pytest.raises(filings.GateClosed) as closed:
        file(deadline, actor, deposited_at=decided - dt.timedelta(seconds=1))
    name = last.client.name
    assert [u.reason for u in closed.value.reasons] == [
        f"{name} : PV conforme le 03/05/2027 à 10h30, après ce dépôt."
    ]
    assert file(deadline, actor, deposited_at=decided).deposited_at == decided


def test_a_deposit_made_before_the_asp_validated_is_refused(supplier, actor):
    *_, last = three(supplier)
    AspRequest.objects.filter(prestation=last.prestation).update(validated_on=dt.date(2027, 5, 3))
    deadline = deadline_of(supplier)
    before = dt.datetime(2027, 5, 2, 21, 59, tzinfo=dt.UTC)  # 23h59 on the 2nd, in Paris
    assert len(reasons_of(deadline, before)) == 2
    assert reasons_of(deadline, before + dt.timedelta(minutes=1)) == []


def test_a_past_solde_is_taken_over_once_its_pilots_were_justified_that_day(supplier, actor):
    deadline = deadline_of(supplier)
    deadline.prestation.created_at = deadline.due_at
    deadline.prestation.save()

    def take_over():
        return filings.take_over(
            deadline=deadline,
            outcome=State.FILED,
            deposited_at=NOW - dt.timedelta(days=30),
            files=[upload()],
            out_of_order=True,
            by=acting(actor, deadline.due_at),
        )

    with pytest.raises(filings.GateClosed):
        take_over()
    three(supplier)
    assert take_over().deposited_at == NOW - dt.timedelta(days=30)


def test_many_deadlines_and_pilots_take_four_queries(supplier, django_assert_num_queries):
    three(supplier)
    other = SupplierFactory()
    justified_pilot(other)
    rows = [deadline_of(who) for who in (supplier, other) * 4]
    with django_assert_num_queries(4):
        found = unmet_pilots(rows, NOW)
    assert [bool(found[row.pk]) for row in rows] == [False, True] * 4
    ungated = [deadline_of(supplier, 4)]
    with django_assert_num_queries(0):
        assert unmet_pilots(ungated, NOW) == {}
