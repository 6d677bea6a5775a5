import datetime as dt

import pytest

from accounts.enums import Kind
from calendar_app.models import Deadline
from calendar_app.rules.rights import Unmet
from calendar_app.selectors.rights import (
    facts_by_supplier,
    reason_lines,
    supplier_facts,
    unmet_rights_of,
)
from calendar_app.services.deadlines import open_deadlines
from tests.factories import OrganisationFactory, PrestationFactory, SolutionFactory, SupplierFactory

pytestmark = pytest.mark.usefixtures("calendars")

NOW = dt.datetime(2026, 11, 22, 9, tzinfo=dt.UTC)


def distributeur_of(solution, **fields):
    organisation = OrganisationFactory(kind=Kind.DISTRIBUTEUR)
    return SupplierFactory(solution=solution, organisation=organisation, **fields)


def deadlines_of(prestation):
    open_deadlines(prestation=prestation, now=NOW)
    rows = Deadline.objects.with_subject().filter(prestation=prestation)
    return {row.milestone.number: row for row in rows if row.milestone}


def test_facts_of_a_distributeur_carry_the_habilitation_of_the_editeur():
    solution = SolutionFactory()
    own = SupplierFactory(solution=solution, psc_until=dt.date(2027, 1, 1))
    facts = supplier_facts(distributeur_of(solution, psc_by_mandate=True))

    assert facts.editeur_psc.end == own.psc_until
    assert (facts.is_editeur, facts.editeur) == (False, solution.organisation.name)


def test_the_habilitation_for_another_solution_does_not_count():
    solution = SolutionFactory()
    other = SolutionFactory(organisation=solution.organisation)
    SupplierFactory(solution=other)

    supplier = distributeur_of(solution, psc_by_mandate=True)

    assert supplier_facts(supplier).editeur_psc.start is None


def test_facts_of_many_cost_one_query_where_a_mandate_shares_a_habilitation(
    django_assert_num_queries,
):
    suppliers = [SupplierFactory() for _ in range(5)]
    mandated = distributeur_of(SolutionFactory(), psc_by_mandate=True)

    with django_assert_num_queries(0):
        assert len(facts_by_supplier(suppliers)) == 5
    with django_assert_num_queries(1):
        assert len(facts_by_supplier([*suppliers, mandated])) == 6
    with django_assert_num_queries(0):
        assert facts_by_supplier([]) == {}


def test_only_the_money_steps_are_gated():
    supplier = SupplierFactory(psc_from=None, psc_until=None)
    deadlines = deadlines_of(PrestationFactory(supplier=supplier))

    unmet = {number: len(unmet_rights_of([row], NOW)[row.pk]) for number, row in deadlines.items()}

    assert unmet == {4: 1, 5: 0, 6: 1}


def test_the_deadlines_of_a_solution_are_never_gated():
    solution = SolutionFactory(referenced_on=None)
    open_deadlines(solution=solution, now=NOW)

    unmet = unmet_rights_of(Deadline.objects.with_subject(), now=NOW)

    assert list(unmet.values()) == [[], [], []]


@pytest.mark.parametrize(
    ("now", "count"),
    [
        (dt.datetime(2026, 12, 31, 22, 59, tzinfo=dt.UTC), 0),
        (dt.datetime(2026, 12, 31, 23, 0, tzinfo=dt.UTC), 1),
    ],
)
def test_a_right_ends_with_its_paris_day(now, count):
    supplier = SupplierFactory(psc_until=dt.date(2026, 12, 31))
    deadline = deadlines_of(PrestationFactory(supplier=supplier))[6]

    assert len(unmet_rights_of([deadline], now)[deadline.pk]) == count


def test_lines_for_the_page_lead_where_it_is_recorded():
    supplier = SupplierFactory()
    unmet = [Unmet("a", "X", key="solution"), Unmet("b", "Y", key="supplier"), Unmet("c", "Z")]

    lines = reason_lines(unmet, supplier=supplier, by=NOW)

    assert [line["url"] for line in lines] == [
        f"/solutions/{supplier.solution_id}/",
        f"/solutions/fournisseurs/{supplier.pk}/",
        "",
    ]
    assert {line["by"] for line in lines} == {NOW}
