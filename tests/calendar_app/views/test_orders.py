"""Prestations in number: paste, look, create."""

import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts.enums import Role
from calendar_app.models import Filing, Prestation
from tests.factories import OrganisationFactory, PrestationFactory, SupplierFactory, member
from tests.pages import markup, text

NOW = dt.datetime(2026, 11, 22, 9, tzinfo=dt.UTC)

pytestmark = pytest.mark.at(NOW)


@pytest.fixture
def supplier(calendars):
    return SupplierFactory()


@pytest.fixture
def hospital(db):
    return OrganisationFactory(client=True, finess="999000289")


@pytest.fixture
def page(client, supplier):
    client.force_login(member(Role.REPRESENTANT, supplier.organisation))
    return reverse("prestations:create_many")


def recorded(client, page, supplier, lines, **more):
    """The list sent, then confirmed."""
    sent = client.post(page, {"supplier": supplier.pk, "lines": lines})
    return confirmed(client, client.get(sent.url), **more)


def confirmed(client, shown, **more):
    form = shown.context["form"]
    read = {name: form[name].value() for name in ("sha256", "seen")}
    return client.post(shown.request["PATH_INFO"], {**read, **more}, follow=True)


def test_a_paste_is_shown_before_anything_is_created(client, page, supplier, hospital):
    sent = client.post(page, {"supplier": supplier.pk, "lines": "999000289;BDC-1"})
    response = client.get(sent.url)

    assert response.status_code == 200
    assert "Enregistrer 1 ligne" in markup(response)
    assert hospital.name in markup(response)
    assert not Prestation.objects.exists()


def test_then_it_is_created(client, page, supplier, hospital):
    response = recorded(client, page, supplier, "999000289;BDC-1;05/11/2026 9h")

    assert "1 prestation enregistrée." in markup(response)
    assert Prestation.objects.get().client == hospital
    assert Filing.objects.count() == 1


def test_what_the_list_would_do_otherwise_since_is_shown_again(client, page, supplier, hospital):
    sent = client.post(page, {"supplier": supplier.pk, "lines": "999000289;BDC-1"})
    shown = client.get(sent.url)
    PrestationFactory(supplier=supplier, client=hospital, order_reference="BDC-1")
    again = confirmed(client, shown)
    assert "Ce qui changerait n'est plus ce que la page montrait" in text(again)
    assert "Tout est déjà enregistré" in text(again)
    assert Prestation.objects.count() == 1


@pytest.mark.usefixtures("hospital")
def test_wrong_lines_are_shown_by_number_and_nothing_is_lost(client, page, supplier):
    lines = "999000289;BDC-1\n010000024;BDC-2\n75071218;BDC-3"

    response = client.post(page, {"supplier": supplier.pk, "lines": lines})

    assert response.status_code == 422
    assert "2 lignes sur 3 à corriger" in markup(response)
    wrong = response.context["wrong"]
    assert [(one.line, one.column, one.text) for one in wrong] == [
        (2, "nom", ""),
        (3, "FINESS", "75071218"),
    ]
    assert response.context["form"]["lines"].value() == lines
    assert not Prestation.objects.exists()


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({}, "file"),
        ({"lines": "\n"}, "file"),
        ({"lines": "FINESS"}, "lines"),
        ({"lines": "Nom\nCH"}, "lines"),
        ({"lines": "999000289", "supplier": "0"}, "supplier"),
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

    refused = client.post(url, {"supplier": supplier.pk, "lines": "999000289;B;05/11/2026 9h"})
    recorded(client, url, supplier, "999000289;B")

    assert "Seul un Représentant ou un Mandataire" in markup(refused)
    assert Prestation.objects.count() == 1


@pytest.mark.parametrize("method", ["get", "post"])
def test_an_agent_of_the_ans_adds_nothing(client, supplier, method):
    client.force_login(member(Role.AGENT))

    assert getattr(client, method)(reverse("prestations:create_many")).status_code == 403


def test_anonymous_is_sent_to_the_login_page(client, db):
    response = client.get(reverse("prestations:create_many"))

    assert response.url.startswith(reverse("account_login"))


def test_without_solution_only_the_directory_is_offered(client, calendars):
    client.force_login(member())

    response = client.get(reverse("prestations:create_many"))

    offered = response.context["form"].fields["supplier"].choices
    assert [key for key, _label in offered] == ["annuaire"]


def test_a_responsable_of_the_ans_adds_clients_to_the_directory(client, calendars):
    client.force_login(member(Role.RESPONSABLE))
    url = reverse("prestations:create_many")
    sent = client.post(url, {"supplier": "annuaire", "lines": "FINESS;Nom\n010000024;CH Neuf"})

    response = confirmed(client, client.get(sent.url))

    assert "1 Client ajouté." in markup(response)


def test_forty_unknown_clients_in_one_paste(client, page, supplier):
    lines = "FINESS;Nom;BDC\n" + "\n".join(f"{10000100 + n:09};Cabinet {n};B{n}" for n in range(40))

    response = recorded(client, page, supplier, lines)

    assert "40 Clients ajoutés, 40 prestations enregistrées." in markup(response)


def test_the_same_name_is_shown_and_confirmed(client, page, supplier, hospital):
    lines = f"FINESS;Nom\n010000024;{hospital.name}"

    refused = recorded(client, page, supplier, lines)
    assert refused.status_code == 422
    assert "Vérifiez qu'il s'agit d'autres Clients" in markup(refused)
    done = recorded(client, page, supplier, lines, are_distinct="on")
    assert "1 Client ajouté, 1 prestation enregistrée." in markup(done)


def test_another_list_put_there_by_another_tab_is_not_recorded_in_its_place(
    client, page, supplier, hospital
):
    sent = client.post(page, {"supplier": supplier.pk, "lines": "999000289;A"})
    seen = client.get(sent.url).context["job"].sha256
    client.post(page, {"supplier": supplier.pk, "lines": "999000289;B"})

    response = client.post(sent.url, {"sha256": seen})

    assert response.status_code == 422
    assert not Prestation.objects.exists()


def test_a_list_waits_for_its_author_alone(client, page, supplier, hospital):
    sent = client.post(page, {"supplier": supplier.pk, "lines": "999000289;A"})
    client.force_login(member(Role.MANDATAIRE))

    assert client.get(sent.url).url == page


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_template_is_read_back(client, page, supplier, kind):
    model = client.get(reverse(f"prestations:template_{kind}"))
    upload = SimpleUploadedFile(f"modele.{kind}", model.content)
    sent = client.post(page, {"supplier": supplier.pk, "file": upload})
    assert [order.line.number for order in client.get(sent.url).context["rows"]] == [2, 3]
