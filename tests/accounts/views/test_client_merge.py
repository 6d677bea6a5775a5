"""One establishment is one Client: a second is warned of, and two are merged."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone
from lxml import html

from accounts.enums import Role
from accounts.models import Organisation
from accounts.services.organisations import organisation_update
from journal.models import Entry
from pilots.models import Pilot
from pilots.pv.selectors.gate import justified
from tests.by import acting
from tests.entries import entries
from tests.factories import (
    OrganisationFactory,
    PrestationFactory,
    SupplierFactory,
    justified_pilot,
    member,
)
from tests.pages import text
from tests.two_steps import confirm

pytestmark = pytest.mark.usefixtures("calendars")
CREATE = "accounts:client_create"


@pytest.fixture
def known(db):
    return OrganisationFactory(
        client=True, name="Hôpital Saint-Éloi de Vire", finess="140000001", city="Vire"
    )


@pytest.fixture
def other(db):
    return OrganisationFactory(client=True, name="Saint Eloi, hopital Vire", finess="140000002")


@pytest.fixture
def salarie(client, db):
    client.force_login(member(Role.SALARIE))
    return client


@pytest.fixture
def responsable(client, db):
    person = member(Role.RESPONSABLE, full_name="Claire Fontanel")
    client.force_login(person)
    return person


def hidden(response):
    """What the form holds, to be sent again as it is."""
    [form] = html.fromstring(response.content.decode()).xpath("//main//form")
    return {name: value for name, value in form.fields.items() if value is not None}


@pytest.mark.parametrize(
    "name",
    [
        "Hôpital Saint-Éloi de Vire",
        "HOPITAL SAINT ELOI DE VIRE",
        "Vire, hôpital Saint-Eloi",
        "Hôpital de Vire Saint-Éloi",
    ],
)
def test_the_same_words_under_another_finess_are_warned_of_then_confirmed(salarie, known, name):
    data = {"name": name, "finess": "140000009", "city": "Caen"}
    page = salarie.post(reverse(CREATE), data)
    assert "Hôpital Saint-Éloi de Vire , Vire, FINESS 140000001" in text(page)
    assert not Organisation.objects.filter(finess="140000009").exists()
    again = hidden(page)
    assert again["distinct_from"] == str(known.pk)
    assert salarie.post(reverse(CREATE), again).status_code == 302
    assert Organisation.objects.filter(finess="140000009").exists()


@pytest.mark.parametrize("name", ["Hôpital Saint-Éloi", "Hôpital Saint-Éloi de Vire Nord"])
def test_other_words_are_another_client(salarie, known, name):
    data = {"name": name, "finess": "140000009", "city": "Caen"}
    assert salarie.post(reverse(CREATE), data).status_code == 302


def test_a_confirmation_is_of_the_clients_that_were_shown(salarie, known, other):
    data = {"name": "Hôpital Saint-Éloi Vire", "finess": "140000009"}
    page = salarie.post(reverse(CREATE), {**data, "distinct_from": str(known.pk)})
    assert "FINESS 140000002" in text(page)
    assert not Organisation.objects.filter(finess="140000009").exists()


def test_the_ans_is_warned_too(client, responsable, known):
    data = {"kind": "CLIENT", "name": "Hôpital Vire Saint-Éloi", "finess": "140000009"}
    page = client.post(reverse("accounts:organisation_create"), data)
    assert "Vérifiez qu'il s'agit d'un autre Client" in text(page)
    assert not Organisation.objects.filter(finess="140000009").exists()


def merge_url(gone):
    return reverse("accounts:client_merge", args=[gone.pk])


def typed(kept, **more):
    return {"finess": kept.finess, "reason": "Inscrit deux fois", **more}


def merge(client, gone, kept, **more):
    return client.post(merge_url(gone), typed(kept, **more))


def merged(client, gone, kept):
    return confirm(client, merge_url(gone), typed(kept))


def test_what_moves_is_shown_and_nothing_is_written(client, responsable, known, other):
    supplier = SupplierFactory()
    PrestationFactory(supplier=supplier, client=known)
    PrestationFactory(supplier=supplier, client=other)
    PrestationFactory.create_batch(2, client=other)
    page = text(merge(client, other, known))
    assert "2 prestations passent à « Hôpital Saint-Éloi de Vire »." in page
    assert "1 prestation reste à part : leur Fournisseur sert déjà les deux Clients" in page
    other.refresh_from_db()
    assert (other.is_active, other.merged_into) == (True, None)
    assert not Entry.objects.filter(act="organisation.merge").exists()


def test_confirmed_the_prestations_move_and_one_entry_lists_them(client, responsable, known, other):
    moved = PrestationFactory.create_batch(2, client=other)
    answer = merged(client, other, known)
    assert answer["Location"] == other.get_absolute_url()
    other.refresh_from_db()
    assert (other.is_active, other.merged_into) == (False, known)
    assert known.prestations_received.count() == 2
    [entry] = Entry.objects.filter(act="organisation.merge")
    assert entry.note == "Inscrit deux fois"
    assert entry.many == [known.pk, other.pk]
    assert entry.after["calendar_app.prestation"] == [prestation.pk for prestation in moved]
    assert f"réuni à {known} , FINESS 140000001" in text(client.get(other.get_absolute_url()))


def test_what_moves_otherwise_than_the_page_showed_is_not_merged(client, responsable, known, other):
    read = merge(client, other, known).context["seen"]
    PrestationFactory(client=other)
    for seen in (read, ""):
        page = text(merge(client, other, known, confirmer="1", vu=seen))
        assert "Ce qui changerait n'est plus ce que la page montrait" in page
    other.refresh_from_db()
    assert other.is_active


def test_the_lines_of_the_merged_client_are_followed(client, responsable, known, other):
    organisation_update(
        organisation=other,
        reason="Coquille",
        by=acting(responsable, timezone.now()),
        city="Vire Normandie",
    )
    merged(client, other, known)
    acts = ["organisation.update", "organisation.merge"]
    assert [entry.act for entry in entries(known)] == acts
    page = text(client.get(known.get_absolute_url()))
    assert "commune : vide → Vire Normandie" in page
    assert "Clients réunis à celui-ci : Saint Eloi, hopital Vire" in page


def test_a_merge_of_a_merge_leads_to_the_last(client, responsable, known, other):
    third = OrganisationFactory(client=True)
    merged(client, third, other)
    merged(client, other, known)
    third.refresh_from_db()
    assert third.merged_into == known


@pytest.mark.usefixtures("responsable")
@pytest.mark.parametrize("clients", [3, 2])
def test_the_pv_of_a_merged_client_does_not_count_as_another(client, known, other, clients):
    """Of one Fournisseur who serves both: the prestations stay two, the Client is one."""
    supplier = SupplierFactory()
    for one in [known, other, *(None,) * (clients - 1)]:
        justified_pilot(supplier, **({"client": one} if one else {}))
    key = (supplier.solution_id, supplier.organisation_id)
    now = timezone.now() + dt.timedelta(days=400)
    assert key in justified(Pilot.objects.all(), now=now)
    page = text(merge(client, other, known))
    assert "2 pilotes y comptent désormais pour un seul Client." in page
    merged(client, other, known)
    is_open = key in justified(Pilot.objects.all(), now=now)
    assert is_open is (clients == 3)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"reason": " "}, "Indiquez pourquoi ces deux Clients n'en font qu'un."),
        ({"finess": "999999999"}, "Aucun Client de l'annuaire n'a ce numéro FINESS."),
        ({"finess": "140000002"}, "Indiquez un autre Client que celui-ci."),
    ],
)
@pytest.mark.usefixtures("responsable")
def test_what_is_wrong_is_shown_at_both_steps(client, known, other, change, sentence):
    for step in ({}, {"confirmer": ""}):
        assert sentence in text(merge(client, other, known, **change, **step))
    other.refresh_from_db()
    assert other.is_active


def test_the_number_of_a_merged_client_leads_to_the_one_that_is_kept(
    client, responsable, known, other
):
    merged(client, other, known)
    data = {"name": "Autre", "finess": other.finess}
    page = client.post(reverse(CREATE), data)
    [link] = html.fromstring(page.content.decode()).xpath("//p[@class='notice']/a")
    assert link.get("href") == known.get_absolute_url()


@pytest.mark.parametrize("role", [Role.AGENT, Role.MANDATAIRE, Role.SALARIE])
def test_only_a_responsable_merges(client, known, other, role):
    client.force_login(member(role))
    assert merged(client, other, known).status_code == 403
    other.refresh_from_db()
    assert other.is_active
