"""Who does not decide: whoever gains, loses, or recorded, themselves or by their key."""

import datetime as dt

import pytest

from accounts.enums import Role
from accounts.models import ApiToken
from accounts.selectors.parties import is_party, parties_of
from accounts.services.api_tokens import api_token_take_over
from api.enums import Scope
from calendar_app.models import Deadline
from journal.rules.by import By
from journal.services.entries import write
from tests.by import acting
from tests.factories import (
    DeadlineFactory,
    MembershipFactory,
    OrganisationFactory,
    PrestationFactory,
    SupplierFactory,
    member,
)
from tests.keys import give_key

pytestmark = pytest.mark.usefixtures("calendars")
NOW = dt.datetime(2026, 10, 1, 8, tzinfo=dt.UTC)


@pytest.fixture
def deadline():
    """Of a distributeur, for the solution of an éditeur."""
    supplier = SupplierFactory(organisation=OrganisationFactory(kind="DISTRIBUTEUR"))
    prestation = PrestationFactory(supplier=supplier)
    milestone = prestation.dispositif.milestones.get(number=5)
    return DeadlineFactory(solution=None, prestation=prestation, milestone=milestone)


def agent_who_is(role, organisation):
    both = member(Role.AGENT)
    MembershipFactory(user=both, organisation=organisation, role=role)
    return both


def test_an_agent_of_nobody_concerned_is_no_party(deadline):
    agent = member(Role.AGENT)
    assert not is_party(agent, deadline)


@pytest.mark.parametrize("role", [Role.MANDATAIRE, Role.REPRESENTANT, Role.SALARIE])
@pytest.mark.parametrize("of", ["fournisseur", "editeur"])
def test_a_member_of_either_organisation_is_a_party(deadline, role, of):
    supplier = deadline.prestation.supplier
    organisation = {
        "fournisseur": deadline.organisation,
        "editeur": supplier.solution.organisation,
    }[of]
    both = agent_who_is(role, organisation)
    assert is_party(both, deadline)


def test_a_former_member_is_no_party(deadline):
    both = agent_who_is(Role.SALARIE, deadline.organisation)
    both.memberships.filter(organisation=deadline.organisation).delete()
    assert not is_party(type(both).objects.get(pk=both.pk), deadline)


def test_who_prepared_or_recorded_a_filing_is_a_party(deadline):
    prepared, recorded = member(Role.AGENT), member(Role.AGENT)
    deadline.filings.create(number=1, prepared_by=prepared, recorded_by=recorded)
    assert is_party(prepared, deadline)
    assert is_party(recorded, deadline)


def key_of(holder):
    ans = next(iter(holder.memberships.all())).organisation
    return give_key(holder, ans, scopes=[Scope.PERF])[0]


@pytest.mark.parametrize("listed", [False, True], ids=["alone", "in a bulk act"])
def test_whose_key_recorded_is_a_party(deadline, listed):
    holder, other = member(Role.AGENT), member(Role.AGENT)
    many = [DeadlineFactory(), deadline] if listed else []
    by = By.software(key_of(holder), NOW)
    write(many[0] if many else deadline, "deadline.file", by=by, what="Déposé", many=many)
    assert is_party(holder, deadline)
    assert not is_party(other, deadline)


def test_who_held_the_key_between_two_others_is_a_party(deadline):
    maker, holder, successor = (member(Role.RESPONSABLE) for _ in range(3))
    key = key_of(maker)
    for one in (holder, successor):
        MembershipFactory(user=one, organisation=key.organisation, role=Role.RESPONSABLE)
    api_token_take_over(token=key, by=acting(holder, NOW))
    write(deadline, "deadline.file", by=By.software(ApiToken.objects.get(), NOW), what="Déposé")
    api_token_take_over(token=key, by=acting(successor, NOW))
    assert all(is_party(one, deadline) for one in (maker, holder, successor))


def test_parties_of_a_list_cost_the_same_whatever_its_length(deadline, django_assert_num_queries):
    with django_assert_num_queries(7):
        parties_of([deadline])
    many = [deadline, *DeadlineFactory.create_batch(5)]
    with django_assert_num_queries(7):
        found = parties_of(many)
    assert found.keys() == {row.pk for row in many}
    assert found[deadline.pk].organisations == {
        deadline.organisation_id,
        deadline.prestation.supplier.solution.organisation_id,
        deadline.prestation.client_id,
    }


def test_nobody_is_party_to_nothing():
    assert parties_of(list(Deadline.objects.none())) == {}
