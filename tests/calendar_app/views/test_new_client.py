"""A Client that the directory lacks, from the form of its prestation."""

import datetime as dt

import pytest
from django.urls import reverse

from accounts.enums import Role
from accounts.models import Organisation
from calendar_app.models import Prestation
from tests.factories import OrganisationFactory, SupplierFactory, member
from tests.pages import markup, text

PAGE = reverse("prestations:create")
NOW = dt.datetime(2026, 11, 22, 9, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def _today(time_machine, calendars):
    time_machine.move_to(NOW, tick=False)


@pytest.fixture
def supplier():
    return SupplierFactory()


@pytest.fixture
def mine(client, supplier):
    client.force_login(member(Role.SALARIE, supplier.organisation))
    return client


def sent(client, supplier, **values):
    typed = {
        "supplier": supplier.pk,
        "name": "Clinique Neuve",
        "finess": "010000024",
        "order_reference": "BDC-1",
    }
    return client.post(f"{PAGE}?nouveau=1", {**typed, **values})


@pytest.mark.parametrize(
    ("typed", "name", "finess"),
    [("Clinique Neuve", "Clinique Neuve", None), ("01 000 002 4", None, "010000024")],
)
def test_what_was_looked_for_is_filled_in(mine, typed, name, finess):
    looked = mine.get(PAGE, {"q": typed})
    assert "nouveau=1" in markup(looked)
    form = mine.get(PAGE, {"q": typed, "nouveau": "1"}).context["form"]
    assert (form["name"].value(), form["finess"].value()) == (name, finess)


def test_one_form_makes_the_client_and_its_prestation(mine, supplier):
    answer = sent(mine, supplier)
    prestation = Prestation.objects.get()
    assert answer.status_code == 302
    assert (prestation.client.name, prestation.order_reference) == ("Clinique Neuve", "BDC-1")


def test_all_that_is_wrong_is_shown_at_once_and_nothing_is_lost(mine):
    wrong = {"name": "", "finess": "1", "supplier": ""}
    answer = mine.post(f"{PAGE}?nouveau=1", {**wrong, "order_reference": "BDC-1"})
    form = answer.context["form"]
    assert answer.status_code == 422
    assert set(form.errors) == {"name", "finess", "supplier"}
    assert form["order_reference"].value() == "BDC-1"
    assert not Organisation.objects.filter(finess="010000024").exists()


def test_a_number_that_is_known_leads_to_its_client(mine, supplier):
    known = OrganisationFactory(client=True, finess="010000024")
    answer = sent(mine, supplier)
    assert f"client={known.pk}" in markup(answer)
    assert not Prestation.objects.exists()


def test_the_same_name_is_confirmed(mine, supplier):
    OrganisationFactory(client=True, name="Clinique neuve")
    warned = sent(mine, supplier)
    assert "Vérifiez qu'il s'agit d'un autre Client" in text(warned)
    distinct = warned.context["form"].data["distinct_from"]
    assert sent(mine, supplier, distinct_from=distinct).status_code == 302


def test_an_agent_of_the_ans_is_not_offered_it(client, supplier):
    client.force_login(member(Role.AGENT))
    assert sent(client, supplier).status_code == 403
