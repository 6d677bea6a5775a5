"""The portfolio: who sees which Clients, what each cell says, sums, filters, files, cost."""

import datetime as dt
import io

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from accounts.enums import Kind, Role
from calendar_app.enums import State
from calendar_app.models import Deadline, Prestation
from calendar_app.services.deadlines import open_deadlines, open_for_prestations
from tests.factories import (
    OrganisationFactory,
    PrestationFactory,
    SolutionFactory,
    SupplierFactory,
    UserFactory,
    member,
)
from tests.pages import cells, csv_rows, markup, page, text

NOW = dt.datetime(2026, 11, 22, 9, tzinfo=dt.UTC)
pytestmark = [pytest.mark.usefixtures("calendars"), pytest.mark.at(NOW)]
INDEX = "/portefeuille/"


def prestation(supplier, name, **states):
    """With its three deadlines; `states` by «jalon» number: n4, n5, n6."""
    hospital = OrganisationFactory(client=True, name=name)
    made = PrestationFactory(supplier=supplier, client=hospital)
    open_deadlines(prestation=made, now=NOW)
    for number, state in states.items():
        of_number = Deadline.objects.filter(prestation=made, milestone__number=int(number[1:]))
        of_number.update(state=state)
    return made


@pytest.fixture
def editeur(calendars):
    return OrganisationFactory(name="Imagix")


@pytest.fixture
def ris(editeur):
    return SupplierFactory(solution=SolutionFactory(organisation=editeur, name="RIS Azimut"))


@pytest.fixture
def reseller(ris):
    """A distributeur of the same solution whose mandate has lapsed."""
    organisation = OrganisationFactory(kind=Kind.DISTRIBUTEUR, name="Revendix")
    return SupplierFactory(
        solution=ris.solution, organisation=organisation, mandate_until=dt.date(2026, 10, 1)
    )


@pytest.fixture
def person(editeur):
    return member(Role.SALARIE, editeur)


class TestWhoSees:
    def test_an_editeur_sees_its_clients_and_those_of_its_distributeurs(
        self, client, person, ris, reseller
    ):
        prestation(ris, "Hôpital A")
        prestation(reseller, "Hôpital B")
        shown = text(page(client, person, INDEX))
        assert "Hôpital A" in shown
        assert "Hôpital B" in shown

    def test_a_distributeur_sees_its_own_alone(self, client, ris, reseller):
        prestation(ris, "Hôpital A")
        prestation(reseller, "Hôpital B")
        shown = text(page(client, member(Role.SALARIE, reseller.organisation), INDEX))
        assert "Hôpital B" in shown
        assert "Hôpital A" not in shown

    @pytest.mark.parametrize("address", [INDEX, f"{INDEX}liste.csv"])
    def test_an_outsider_sees_nobody(self, client, ris, address):
        prestation(ris, "Hôpital A")
        response = page(client, member(Role.MANDATAIRE), address)
        assert response.status_code == 200
        assert b"pital A" not in response.content

    @pytest.mark.parametrize("address", [INDEX, f"{INDEX}liste.csv", f"{INDEX}liste.xlsx"])
    def test_who_has_no_organisation_is_led_away(self, client, db, address):
        assert page(client, UserFactory(), address).url == reverse("accounts:none")

    def test_it_stands_in_the_menu(self, client, person):
        assert f'<a href="{INDEX}" aria-current="page">Portefeuille</a>' in markup(
            page(client, person, INDEX)
        )


class TestMatrix:
    def test_each_cell_says_where_the_prestation_stands(self, client, person, ris, reseller):
        prestation(ris, "Hôpital A", n4=State.ACCEPTED, n5=State.FILED)
        prestation(reseller, "Hôpital B", n4=State.TO_DO)
        response = page(client, person, INDEX)
        assert cells(response, "4. Avance")[:2] == ["validé", "en retard, bloqué : mandat"]
        assert cells(response, "5. Réalisation")[:2] == ["réalisé", "à faire"]
        assert cells(response, "6. Solde")[:2] == [
            "bloqué : périmètre pilote",
            "bloqué : mandat, périmètre pilote",
        ]

    def test_the_foot_sums_each_column(self, client, person, ris):
        for number in range(3):
            prestation(ris, f"Hôpital {number}", n4=State.FILED)
        prestation(ris, "Hôpital 4", n4=State.NOT_APPLICABLE)
        response = page(client, person, INDEX)
        assert cells(response, "4. Avance")[-1] == "déposé : 3 sans objet : 1"
        assert cells(response, "5. Réalisation")[-1] == "à faire : 4"

    def test_a_cell_leads_to_its_deadline(self, client, person, ris):
        deadline = prestation(ris, "Hôpital A").deadlines.get(milestone__number=6)
        assert f'href="{reverse("deadlines:detail", args=[deadline.pk])}"' in markup(
            page(client, person, INDEX)
        )

    def test_both_dispositifs_share_the_columns(self, client, person, editeur, ris):
        drimbox = SupplierFactory(solution=SolutionFactory(organisation=editeur, drimbox=True))
        prestation(ris, "Hôpital A")
        prestation(drimbox, "Hôpital B")
        response = page(client, person, INDEX)
        assert cells(response, "6. Solde")[:2] == ["bloqué : périmètre pilote", "à faire"]

    def test_an_empty_portfolio_says_why(self, client, person):
        assert "Le portefeuille est vide" in text(page(client, person, INDEX))


class TestFilters:
    @pytest.fixture(autouse=True)
    def _rows(self, ris, reseller):
        prestation(ris, "Hôpital A", n4=State.FILED)
        prestation(ris, "Clinique B", n4=State.NOT_APPLICABLE, n6=State.NOT_APPLICABLE)
        prestation(reseller, "Hôpital C", n4=State.TO_DO)

    @pytest.mark.parametrize(
        ("asked", "names"),
        [
            ({}, ["Clinique B", "Hôpital A", "Hôpital C"]),
            ({"q": "hopital"}, ["Hôpital A", "Hôpital C"]),
            ({"etat": "sans-objet"}, ["Clinique B"]),
            ({"etat": "en-retard"}, ["Hôpital C"]),
            ({"etat": "bloque"}, ["Hôpital A", "Hôpital C"]),
            ({"risque": "on"}, ["Hôpital A", "Hôpital C"]),
            ({"risque": "on", "etat": "depose"}, []),
            ({"dispositif": "drimbox"}, []),
            ({"etat": "nonsense", "solution": "x"}, ["Clinique B", "Hôpital A", "Hôpital C"]),
        ],
    )
    def test_what_each_keeps(self, client, person, asked, names):
        response = page(client, person, f"{INDEX}liste.csv", **asked)
        assert [row["Client"] for row in csv_rows(response)] == names

    def test_by_fournisseur_and_solution(self, client, person, ris, reseller):
        response = page(client, person, f"{INDEX}liste.csv", organisation=reseller.organisation_id)
        assert [row["Client"] for row in csv_rows(response)] == ["Hôpital C"]

    def test_the_sums_are_those_of_the_list(self, client, person):
        response = page(client, person, INDEX, etat="sans-objet")
        assert cells(response, "4. Avance") == ["sans objet", "sans objet : 1"]


class TestFiles:
    def test_the_file_says_what_the_page_says(self, client, person, reseller):
        prestation(reseller, "Hôpital B")
        [row] = csv_rows(page(client, person, f"{INDEX}liste.csv"))
        assert row["Fournisseur"] == "Revendix"
        assert row["6. Solde"] == "bloqué : mandat, périmètre pilote"
        assert row["6. Solde : avant le"] == "22/09/2027"
        assert row["6. Solde : heure (heure de Paris)"] == "12h"

    def test_the_workbook_has_the_same_columns(self, client, person, ris):
        prestation(ris, "Hôpital A")
        response = page(client, person, f"{INDEX}liste.xlsx")
        sheet = load_workbook(io.BytesIO(response.content)).active
        [titles, row] = sheet.iter_rows(values_only=True)
        assert dict(zip(titles, row, strict=True))["5. Réalisation"] == "à faire"


@pytest.mark.parametrize("query", [{}, {"risque": "on"}])
def test_queries_do_not_grow(client, person, ris, django_assert_max_num_queries, query):
    prestation(ris, "Hôpital A")
    client.force_login(person)
    client.get(INDEX, query)
    with django_assert_max_num_queries(34) as before:
        client.get(INDEX, query)
    for number in range(12):
        prestation(ris, f"Centre {number}")
    with django_assert_max_num_queries(len(before)):
        client.get(INDEX, query)


def test_three_hundred_rows_come_by_pages(client, person, ris):
    hospitals = OrganisationFactory.create_batch(120, client=True)
    made = Prestation.objects.bulk_create(
        PrestationFactory.build(
            supplier=ris,
            organisation=ris.organisation,
            dispositif=ris.solution.dispositif,
            client=one,
        )
        for one in hospitals
    )
    open_for_prestations(made, now=NOW)
    response = page(client, person, INDEX, page=5)
    assert len(cells(response, "4. Avance")) == 20 + 1
    assert cells(response, "5. Réalisation")[-1] == "à faire : 120"
