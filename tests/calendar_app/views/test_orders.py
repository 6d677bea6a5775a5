"""Prestations in number: paste, look, create."""

import datetime as dt

import pytest
import time_machine
from django.urls import reverse

from accounts.enums import Role
from calendar_app.models import Filing, Prestation
from tests.factories import OrganisationFactory, SupplierFactory, member
from tests.pages import markup

NOW = dt.datetime(2026, 11, 22, 9, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def supplier(calendars):
    return SupplierFactory()


@pytest.fixture
def hospital(db):
    return OrganisationFactory(client=True, finess="440000289")


@pytest.fixture
def page(client, supplier):
    client.force_login(member(Role.REPRESENTANT, supplier.organisation))
    return reverse("prestations:create_many")


def test_a_paste_is_shown_before_anything_is_created(client, page, supplier, hospital):
    response = client.post(page, {"supplier": supplier.pk, "lines": "440000289;BDC-1"})

    assert response.status_code == 200
    assert "Créer 1 prestation" in markup(response)
    assert hospital.name in markup(response)
    assert not Prestation.objects.exists()


def test_then_it_is_created(client, page, supplier, hospital):
    data = {"supplier": supplier.pk, "lines": "440000289;BDC-1;05/11/2026 9h", "creer": "1"}

    response = client.post(page, data, follow=True)

    assert "1 prestation enregistrée." in markup(response)
    assert Prestation.objects.get().client == hospital
    assert Filing.objects.count() == 1


@pytest.mark.usefixtures("hospital")
def test_wrong_lines_are_said_by_number_and_nothing_is_lost(client, page, supplier):
    lines = "440000289;BDC-1\n010000024;BDC-2\n75071218;BDC-3"

    response = client.post(page, {"supplier": supplier.pk, "lines": lines, "creer": "1"})

    assert response.status_code == 422
    assert "2 lignes sur 3 sont à corriger" in markup(response)
    assert [order.line.number for order in response.context["wrong"]] == [2, 3]
    assert response.context["form"]["lines"].value() == lines
    assert not Prestation.objects.exists()


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({}, "lines"),
        ({"lines": "\n"}, "lines"),
        ({"lines": "440000289", "supplier": "0"}, "supplier"),
    ],
)
def test_each_error_is_by_its_field(client, page, supplier, data, field):
    response = client.post(page, {"supplier": supplier.pk, **data})

    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]


@pytest.mark.usefixtures("hospital")
def test_a_salarie_creates_but_takes_no_deposit_over(client, supplier):
    client.force_login(member(Role.SALARIE, supplier.organisation))
    url = reverse("prestations:create_many")

    refused = client.post(url, {"supplier": supplier.pk, "lines": "440000289;B;05/11/2026 9h"})
    client.post(url, {"supplier": supplier.pk, "lines": "440000289;B", "creer": "1"})

    assert "Seul un Représentant ou un Mandataire" in markup(refused)
    assert Prestation.objects.count() == 1


@pytest.mark.parametrize("method", ["get", "post"])
def test_the_ans_creates_no_prestation(client, supplier, method):
    client.force_login(member(Role.RESPONSABLE))

    assert getattr(client, method)(reverse("prestations:create_many")).status_code == 403


def test_anonymous_is_sent_to_the_login_page(client, db):
    response = client.get(reverse("prestations:create_many"))

    assert response.url.startswith(reverse("account_login"))


def test_without_solution_it_says_what_to_do(client, calendars):
    client.force_login(member())

    response = client.get(reverse("prestations:create_many"))

    assert "ne fournit encore aucune solution" in markup(response)
