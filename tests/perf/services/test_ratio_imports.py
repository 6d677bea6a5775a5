"""A file of PERFm and PERFe: month by month, by the FINESS of the Client."""

import datetime as dt

import pytest

from accounts.enums import Role
from accounts.models import Organisation
from calendar_app.services.lines import NOT_OURS, SEVERAL, UNKNOWN
from imports.services.lines import SAME_AS
from perf.models import Ratio
from perf.services.ratio_imports import KIND
from perf.services.ratios import FUTURE, NO_YEAR, TOO_MANY
from tests.entries import entries
from tests.factories import OrganisationFactory, PrestationFactory, SupplierFactory, member
from tests.imports.files import NOW, choose, preview, problems, record
from tests.pages import text

pytestmark = pytest.mark.usefixtures("calendars", "stopped")


@pytest.fixture
def prestation():
    return PrestationFactory(client__finess="750000011")


@pytest.fixture
def user(prestation):
    return member(Role.SALARIE, prestation.organisation)


def line(**cells):
    return {
        "FINESS": "750000011",
        "Fournisseur": "",
        "Indicateur": "PERFm",
        "Mois": "10/2026",
        "Numérateur, CR locaux": "1 180",
        "Dénominateur, CR locaux": "1 200",
        "Numérateur, CR de téléradiologie": "0",
        "Dénominateur, CR de téléradiologie": "0",
        **cells,
    }


def test_a_file_enters_its_months(client, user, prestation):
    rows = [line(), line(Indicateur="perfe"), line(Mois="15/09/2026")]
    assert record(client, user, KIND.code, rows).sentence == "Lignes du fichier : 3 ajoutées."
    found = Ratio.objects.order_by("month", "indicator").values_list("month", "indicator")
    assert list(found) == [
        (dt.date(2026, 9, 1), "PERFM"),
        (dt.date(2026, 10, 1), "PERFE"),
        (dt.date(2026, 10, 1), "PERFM"),
    ]
    first = Ratio.objects.last()
    assert (first.local_numerator, first.recorded_by, first.recorded_at) == (1180, user, NOW)
    [entry] = entries(first)
    assert (entry.act, len(entry.many)) == ("ratio.create", 3)


@pytest.mark.parametrize(
    ("cells", "column", "sentence"),
    [
        ({"FINESS": "750000012"}, "FINESS", UNKNOWN),
        ({"FINESS": "75"}, "FINESS", "FINESS n'a pas la bonne forme"),
        ({"Indicateur": "PERFx"}, "Indicateur", "Écrivez : PERFm, PERFe."),
        ({"Mois": "13/2026"}, "Mois", "Ce mois n'existe pas"),
        ({"Mois": "12/2026"}, "Mois", FUTURE),
        ({"Mois": "12/2019"}, "Mois", NO_YEAR),
        ({"Numérateur, CR locaux": "1201"}, "Numérateur, CR locaux", TOO_MANY),
        ({"Dénominateur, CR de téléradiologie": ""}, "Dénominateur, CR de téléradiologie", "vide"),
        ({"Dénominateur, CR locaux": "1,5"}, "Dénominateur, CR locaux", "nombre entier"),
    ],
)
def test_what_is_wrong_is_named_at_its_line_and_column(client, user, cells, column, sentence):
    [(number, named, shown)] = problems(choose(client, user, KIND.code, [line(**cells)]))
    assert (number, named) == (2, column)
    assert sentence in shown
    assert not Ratio.objects.exists()


def test_the_same_file_twice_changes_nothing_and_a_month_given_again_is_corrected(client, user):
    record(client, user, KIND.code, [line()])
    assert "Tout est déjà enregistré" in text(
        preview(client, choose(client, user, KIND.code, [line()]))
    )
    record(client, user, KIND.code, [line(**{"Numérateur, CR locaux": "1190"})])
    ratio = Ratio.objects.get()
    assert ratio.local_numerator == 1190
    edit = entries(ratio)[-1]
    assert (edit.before, edit.after) == ({"local_numerator": "1180"}, {"local_numerator": "1190"})


def test_one_month_named_in_two_ways_is_one_month(client, user, prestation):
    rows = [line(), line(Fournisseur=prestation.organisation.name)]
    found = problems(choose(client, user, KIND.code, rows))
    assert found == [(3, "FINESS", SAME_AS.format(2))]


def test_the_finess_of_a_merged_client_names_the_one_that_is_kept(client, user, prestation):
    former = OrganisationFactory(client=True, finess="750000099", is_active=False)
    Organisation.objects.filter(pk=former.pk).update(merged_into=prestation.client)
    record(client, user, KIND.code, [line(FINESS="750000099")])
    assert Ratio.objects.get().prestation == prestation


def test_the_ans_names_the_fournisseur_where_two_serve_a_client(client, prestation):
    other = SupplierFactory(
        solution=prestation.supplier.solution,
        organisation=OrganisationFactory(name="Région Imagerie"),
    )
    theirs = PrestationFactory(supplier=other, client=prestation.client)
    agent = member(Role.AGENT, OrganisationFactory(ans=True))
    found = problems(choose(client, agent, KIND.code, [line()]))
    assert found == [(2, "Fournisseur", SEVERAL)]
    record(client, agent, KIND.code, [line(Fournisseur="region imagerie")])
    assert Ratio.objects.get().prestation == theirs


def test_an_editeur_reads_the_prestation_of_its_distributeur_and_records_nothing(
    client, prestation
):
    other = SupplierFactory(
        solution=prestation.supplier.solution, organisation=OrganisationFactory()
    )
    theirs = PrestationFactory(supplier=other)
    editeur = member(Role.MANDATAIRE, prestation.organisation)
    found = problems(choose(client, editeur, KIND.code, [line(FINESS=theirs.client.finess)]))
    assert found == [(2, "FINESS", NOT_OURS)]


@pytest.mark.usefixtures("prestation")
def test_to_an_outsider_the_prestation_does_not_exist(client):
    found = problems(choose(client, member(Role.MANDATAIRE), KIND.code, [line()]))
    assert found == [(2, "FINESS", UNKNOWN)]
