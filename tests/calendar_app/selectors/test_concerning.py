"""Whose acts may change what an éditeur or a distributeur sees."""

import pytest

from accounts.enums import Kind, Role
from calendar_app.selectors.concerning import reach, reach_for
from calendar_app.services.deadlines import move
from journal.services.entries import write
from tests.by import acting
from tests.calendar_app.reminding import at, solde, solde_of
from tests.factories import (
    OrganisationFactory,
    PrestationFactory,
    SolutionFactory,
    SupplierFactory,
    member,
)

pytestmark = pytest.mark.usefixtures("calendars")
NOW = at("2027-09-01 10:00")


def changes(user, act):
    """Whether the act counts for this person."""
    before = reach_for(user)
    act()
    user = type(user).objects.get(pk=user.pk)
    return reach_for(user) != before


def draft(organisation, deadline=None):
    author = member(Role.REPRESENTANT, organisation=organisation)
    move(deadline or solde(organisation), "draft", by=acting(author, NOW))


@pytest.fixture
def shared():
    """An éditeur, and a distributeur of its solution with a deadline."""
    solution = SolutionFactory()
    distributeur = OrganisationFactory(kind=Kind.DISTRIBUTEUR)
    supplier = SupplierFactory(solution=solution, organisation=distributeur)
    deadline = solde_of(PrestationFactory(supplier=supplier, organisation=distributeur))
    return solution.organisation, distributeur, deadline


def test_the_act_of_a_colleague_counts():
    one = member(Role.SALARIE)
    organisation = one.memberships.get().organisation
    assert changes(one, lambda: draft(organisation))


def test_the_act_of_a_distributeur_of_my_solution_counts(shared):
    editeur, distributeur, deadline = shared
    assert changes(member(organisation=editeur), lambda: draft(distributeur, deadline))


def test_the_act_of_the_editeur_of_the_solution_that_i_supply_counts(shared):
    editeur, distributeur, _ = shared
    assert changes(member(organisation=distributeur), lambda: draft(editeur))


def test_what_others_do_to_their_deadlines_does_not():
    other = OrganisationFactory()
    deadline = solde(other)
    assert not changes(member(Role.SALARIE), lambda: draft(other, deadline))


@pytest.mark.parametrize(
    "made", [SolutionFactory, SupplierFactory, PrestationFactory], ids=lambda made: made.__name__
)
def test_an_act_that_may_change_with_whom_i_share_counts_whoever_does_it(made):
    row = made()
    by = acting(member(), NOW)
    assert changes(member(Role.SALARIE), lambda: write(row, "row.edit", by=by, what="Modifié"))


@pytest.mark.parametrize("kind", [Kind.CLIENT, Kind.ANS])
def test_an_act_on_a_client_or_of_the_ans_counts(kind):
    row = OrganisationFactory(kind=kind, **({"finess": "750000001"} if kind == Kind.CLIENT else {}))
    by = acting(member(Role.AGENT), NOW)

    def act():
        write(row, "organisation.edit", by=by, what="Modifiée", organisation_id=row.pk)

    assert changes(member(Role.SALARIE), act)


def test_an_act_for_no_organisation_counts():
    milestone = solde().milestone
    by = acting(member(Role.RESPONSABLE), NOW)
    assert changes(
        member(Role.SALARIE), lambda: write(milestone, "milestone.amend", by=by, what="Modifié")
    )


def test_every_act_counts_for_the_ans():
    other = OrganisationFactory()
    deadline = solde(other)
    assert changes(member(Role.AGENT), lambda: draft(other, deadline))


def test_an_empty_journal_reaches_nowhere(db):
    assert reach() == (0, 0)
