"""A file of prestations at Clients that the directory has, and of their order forms."""

import datetime as dt

import pytest

from accounts.enums import Role
from accounts.models import Organisation
from calendar_app.models import Prestation
from calendar_app.services.prestation_imports import KIND, NO_CLIENT, NO_SOLUTION, OTHER_SOLUTION
from imports.services.lines import SAME_AS
from tests.entries import entries
from tests.factories import OrganisationFactory, SupplierFactory, member
from tests.imports.files import NOW, choose, preview, problems, record
from tests.pages import text

pytestmark = pytest.mark.usefixtures("calendars", "stopped")


@pytest.fixture
def supplier():
    return SupplierFactory(solution__name="Iris RIS")


@pytest.fixture
def user(supplier):
    return member(Role.SALARIE, supplier.organisation)


@pytest.fixture
def tilleuls():
    return OrganisationFactory(client=True, finess="750000011")


def line(**cells):
    return {
        "FINESS": "750000011",
        "Solution": "iris ris",
        "BDC": "BDC-1",
        "BDC signé le": "05/11/2026",
        **cells,
    }


@pytest.mark.usefixtures("tilleuls")
def test_a_file_enters_prestations_with_their_deadlines(client, user, supplier):
    OrganisationFactory(client=True, finess="750000012")
    rows = [line(), line(FINESS="75 000 001 2", BDC="", **{"BDC signé le": ""})]
    assert record(client, user, KIND.code, rows).sentence == "Lignes du fichier : 2 ajoutées."
    first, second = Prestation.objects.order_by("client__finess")
    assert (first.supplier, first.order_reference) == (supplier, "BDC-1")
    assert (first.ordered_on, first.created_at) == (dt.date(2026, 11, 5), NOW)
    assert second.ordered_on is None
    assert [d.milestone.number for d in first.deadlines.order_by("milestone__number")] == [4, 5, 6]
    [entry] = entries(first)
    assert entry.act == "prestation.create"
    assert set(entry.many) == {first.pk, second.pk}


@pytest.mark.usefixtures("tilleuls")
@pytest.mark.parametrize(
    ("cells", "column", "sentence"),
    [
        ({"FINESS": "750000099"}, "FINESS", NO_CLIENT),
        ({"Solution": "Autre"}, "Solution", NO_SOLUTION),
        ({"BDC": "B" * 61}, "BDC", "60 caractères"),
        ({"BDC signé le": "31/02/2026"}, "BDC signé le", "n'existe pas"),
        ({"BDC signé le": "01/12/2026"}, "BDC signé le", "est à venir"),
    ],
)
def test_what_is_wrong_is_named_at_its_line_and_column(client, user, cells, column, sentence):
    [(number, named, refusal)] = problems(choose(client, user, KIND.code, [line(**cells)]))
    assert (number, named) == (2, column)
    assert sentence in refusal
    assert not Prestation.objects.exists()


@pytest.mark.usefixtures("tilleuls")
def test_the_same_file_twice_changes_nothing_and_another_bdc_is_corrected(client, user):
    record(client, user, KIND.code, [line()])
    shown = preview(client, choose(client, user, KIND.code, [line()]))
    assert "Tout est déjà enregistré" in text(shown)
    record(client, user, KIND.code, [line(BDC="BDC-2")])
    prestation = Prestation.objects.get()
    assert prestation.order_reference == "BDC-2"
    assert entries(prestation)[-1].before == {"order_reference": "BDC-1"}
    assert prestation.deadlines.count() == 3


def test_a_client_has_one_solution_of_a_fournisseur_for_a_dispositif(
    client, user, supplier, tilleuls
):
    record(client, user, KIND.code, [line()])
    SupplierFactory(
        organisation=supplier.organisation,
        solution__organisation=supplier.organisation,
        solution__name="Iris 2",
    )
    found = problems(choose(client, user, KIND.code, [line(Solution="Iris 2")]))
    assert found == [(2, "Solution", OTHER_SOLUTION.format("Iris RIS"))]


def test_the_finess_of_a_merged_client_names_the_one_that_is_kept(client, user, tilleuls):
    former = OrganisationFactory(client=True, finess="750000099", is_active=False)
    Organisation.objects.filter(pk=former.pk).update(merged_into=tilleuls)
    rows = [line(), line(FINESS="750000099")]
    assert problems(choose(client, user, KIND.code, rows)) == [(3, "FINESS", SAME_AS.format(2))]
    record(client, user, KIND.code, rows[1:])
    assert Prestation.objects.get().client == tilleuls


@pytest.mark.usefixtures("supplier", "tilleuls")
def test_to_an_outsider_the_solution_does_not_exist(client):
    found = problems(choose(client, member(Role.MANDATAIRE), KIND.code, [line()]))
    assert found == [(2, "Solution", NO_SOLUTION)]
