"""Naming pilot Clients and replacing them."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError

from parameters.models import RegulatoryParameter
from pilots.enums import WAITING_STATES, AspRequestKind, AspRequestState, PVState
from pilots.pv.models import AspRequest, Pilot
from pilots.pv.rules.parameters import PER_SOLUTION, PILOT_SCOPE
from pilots.pv.services import pilots
from tests.by import acting
from tests.entries import entries
from tests.factories import OrganisationFactory, PrestationFactory, SupplierFactory, member
from tests.pilots.cases import NOW, in_state, named, ordered

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("calendars", "checklists")]
LATER = NOW + dt.timedelta(days=3)


def withdraw(pilot, **values):
    actor = member(organisation=pilot.prestation.organisation)
    return pilots.withdraw(
        pilot, **({"reason": "Chantier reporté.", "by": acting(actor, LATER)} | values)
    )


def test_a_pilot_begins_with_its_two_requests_to_deposit():
    pilot = named()
    requests = AspRequest.objects.filter(prestation=pilot.prestation)
    assert {(one.kind, one.state) for one in requests} == {
        (kind, AspRequestState.TO_DEPOSIT) for kind in AspRequestKind
    }
    assert (pilot.named_at, pilot.withdrawn_at) == (NOW, None)


def test_a_drimbox_has_no_pilot():
    with pytest.raises(ValidationError, match="DRIMbox n'a pas de phase pilote"):
        named(PrestationFactory(supplier__solution__drimbox=True))
    assert not Pilot.objects.exists()


def test_a_client_is_named_once():
    pilot = named()
    with pytest.raises(ValidationError, match="est déjà Client pilote"):
        named(pilot.prestation)


@pytest.mark.parametrize("per_solution", [False, True])
def test_one_client_of_two_fournisseurs_depends_on_the_gate(per_solution):
    if per_solution:
        RegulatoryParameter.objects.create(
            key=PILOT_SCOPE,
            value=PER_SOLUTION,
            effective_from=dt.datetime(2025, 1, 1, tzinfo=dt.UTC),
            source="test",
            author_name="test",
        )
    first = named().prestation
    other = SupplierFactory(
        solution=first.supplier.solution, organisation=OrganisationFactory(kind="DISTRIBUTEUR")
    )
    second = ordered(supplier=other, client=first.client)
    if per_solution:
        with pytest.raises(ValidationError, match="désigné par"):
            named(second)
    else:
        assert named(second).client == first.client


def test_a_withdrawn_client_stays_with_its_reason_and_may_come_back():
    pilot = named()
    assert withdraw(pilot) is None
    pilot.refresh_from_db()
    assert (pilot.withdrawn_at, pilot.withdrawn_reason) == (LATER, "Chantier reporté.")
    assert not Pilot.objects.current().exists()
    again = named(pilot.prestation, now=LATER)
    assert (again.pk, again.withdrawn_at, again.named_at) == (pilot.pk, None, LATER)
    acts = [(one.act, one.note) for one in entries(pilot)]
    assert acts == [
        ("pilot.name", ""),
        ("pilot.withdraw", "Chantier reporté."),
        ("pilot.name", ""),
    ]


def test_a_client_is_replaced_by_another_of_the_same_fournisseur():
    pilot = named()
    other = ordered(supplier=pilot.prestation.supplier)
    assert withdraw(pilot, replacement=other).prestation == other
    assert [one.prestation for one in Pilot.objects.current()] == [other]


def test_not_by_one_of_another_fournisseur():
    pilot = named()
    with pytest.raises(ValidationError, match="même Fournisseur"):
        withdraw(pilot, replacement=ordered())
    assert Pilot.objects.current().get() == pilot


@pytest.mark.parametrize("state", PVState)
def test_withdrawing_depends_on_where_the_pv_is(state):
    pv = in_state(state)
    refused = {*WAITING_STATES, PVState.CONFORM}
    if state in refused:
        with pytest.raises(ValidationError, match=r"est à l'ANS|est conforme et compte"):
            withdraw(pv.pilot)
    else:
        withdraw(pv.pilot)
    assert Pilot.objects.current().exists() is (state in refused)


def test_nobody_is_withdrawn_twice():
    pilot = named()
    withdraw(pilot)
    with pytest.raises(ValidationError, match="déjà plus pilote"):
        withdraw(pilot)
