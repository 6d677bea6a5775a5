"""Regulatory parameters on screen."""

import datetime as dt

import pytest
from django.urls import reverse

from accounts.enums import Role
from calendar_app.rules.parameters import ASP_URL, NOON_IN_TIME
from parameters.models import RegulatoryParameter
from parameters.rules.kinds import TO_CONFIRM
from parameters.rules.registry import REGISTRY
from perf.rules.parameters import (
    BASE,
    GTI,
    HOURS_SUNDAY,
    LIMIT_ONE,
    PERF_IN_PAYMENT,
    PERFE_THRESHOLD,
)
from tests.factories import member
from tests.pages import markup
from tests.two_steps import confirm

NOW = dt.datetime(2026, 11, 22, 9, tzinfo=dt.UTC)
pytestmark = [pytest.mark.django_db, pytest.mark.at(NOW)]
INDEX = "/parametres/"


@pytest.fixture
def responsable(client, db):
    person = member(Role.RESPONSABLE, full_name="Claire Fontanel")
    client.force_login(person)
    return person


def amend_url(key):
    return reverse("parameters:amend", args=[key])


def text_of(response):
    return " ".join(markup(response).split())


def typed(**changes):
    return {
        "value": "oui",
        "effective_from": "2026-11-01",
        "source": "Appel à financement fictif",
        "is_confirmed": "on",
    } | changes


def amend(client, key, data):
    return confirm(client, amend_url(key), data)


@pytest.mark.usefixtures("responsable")
@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_a_year_typed_wrong_is_a_sentence(client, day):
    response = amend(client, NOON_IN_TIME, typed(effective_from=day))
    assert response.status_code in (200, 422)
    assert "Choisissez une année de 2000 à 2099." in text_of(response)
    assert not RegulatoryParameter.objects.exists()


@pytest.mark.parametrize("url", [INDEX, amend_url(NOON_IN_TIME)])
def test_anonymous_is_sent_to_the_login_page(client, url):
    assert client.get(url)["Location"].startswith(reverse("account_login"))


@pytest.mark.parametrize("role", Role)
def test_every_member_reads_all_parameters(client, role):
    client.force_login(member(role))
    page = text_of(client.get(INDEX))
    for parameter in REGISTRY.values():
        assert parameter.key in page
    shown = sum(parameter.is_specified for parameter in REGISTRY.values())
    assert page.count("Donné par l'atelier") == shown > 0
    assert page.count("À confirmer") == len(REGISTRY) - shown
    silent = sum(parameter.source == TO_CONFIRM for parameter in REGISTRY.values())
    assert page.count("à confirmer dans l&#x27;Appel à financement") >= silent > 0
    assert page.index("Dépôts") < page.index("PERF : période ouvrable") < page.index("GTI et GTR")
    assert (amend_url(NOON_IN_TIME) in page) is (role == Role.RESPONSABLE)


@pytest.mark.parametrize("role", [Role.AGENT, Role.MANDATAIRE, Role.REPRESENTANT, Role.SALARIE])
@pytest.mark.parametrize("method", ["get", "post"])
def test_others_than_responsables_do_not_amend(client, role, method):
    client.force_login(member(role))
    assert getattr(client, method)(amend_url(NOON_IN_TIME)).status_code == 403


@pytest.mark.usefixtures("responsable")
def test_an_unknown_parameter_is_not_found(client):
    assert client.get(amend_url("inconnu")).status_code == 404


def test_a_new_value_is_kept_with_its_effect_source_and_author(client, responsable):
    response = amend(client, NOON_IN_TIME, typed())
    assert response.url == INDEX
    row = RegulatoryParameter.objects.get()
    assert (row.value, row.is_confirmed, row.author) == (True, True, responsable)
    assert row.effective_from == dt.datetime(2026, 10, 31, 23, tzinfo=dt.UTC)
    page = text_of(client.get(INDEX))
    assert "Paramètre enregistré" in page
    assert "<strong>Oui</strong>" in page
    assert "Claire Fontanel" in page
    assert "Confirmé" in page


@pytest.mark.usefixtures("responsable")
def test_a_value_to_come_is_announced_and_does_not_hold_yet(client):
    amend(client, NOON_IN_TIME, typed(effective_from="2027-01-01"))
    page = text_of(client.get(INDEX))
    assert "<strong>Non</strong>" in page
    assert "Oui, à partir du" in page


@pytest.mark.usefixtures("responsable")
def test_an_address_is_changed(client):
    data = typed(value="https://asp.example/depot/")
    assert amend(client, ASP_URL, data).status_code == 302
    assert RegulatoryParameter.objects.get().value == "https://asp.example/depot/"


@pytest.mark.usefixtures("responsable")
@pytest.mark.parametrize(
    ("key", "given", "kept"),
    [
        (BASE, "continu", "continu"),
        (GTI, "45", 45),
        (HOURS_SUNDAY, "9:00-12:00", "09:00-12:00"),
        (PERFE_THRESHOLD, "97,5", "97.5"),
        (PERFE_THRESHOLD, "", ""),
        (PERF_IN_PAYMENT, "Il multiplie le solde.", "Il multiplie le solde."),
    ],
)
def test_each_kind_has_its_field(client, key, given, kept):
    assert amend(client, key, typed(value=given)).status_code == 302
    assert RegulatoryParameter.objects.get().value == kept


@pytest.mark.usefixtures("responsable")
def test_hours_and_figures_are_changed_from_what_holds(client):
    assert 'value="fermé"' in text_of(client.get(amend_url(HOURS_SUNDAY)))
    assert 'value="30"' in text_of(client.get(amend_url(GTI)))


@pytest.mark.usefixtures("responsable")
@pytest.mark.parametrize(
    ("key", "changes", "sentence"),
    [
        (NOON_IN_TIME, {"value": ""}, "Répondez par oui ou par non."),
        (NOON_IN_TIME, {"source": ""}, "Indiquez le texte ou la décision"),
        (NOON_IN_TIME, {"effective_from": ""}, "Indiquez le jour."),
        (NOON_IN_TIME, {"effective_from": "31/02/2027"}, "Cette date n&#x27;existe pas"),
        (ASP_URL, {"value": "pas une adresse"}, "Indiquez une adresse complète"),
        (ASP_URL, {"value": "ftp://asp.example/"}, "Indiquez une adresse complète"),
        (ASP_URL, {"value": ""}, "Indiquez une adresse complète"),
        (BASE, {"value": "oui"}, "Choisissez une des réponses"),
        (GTI, {"value": "une demi-heure"}, "Indiquez un nombre entier de minutes."),
        (GTI, {"value": "0"}, "supérieur"),
        (HOURS_SUNDAY, {"value": "9h-12h"}, "écrivez une plage comme 09:00-19:00"),
        (HOURS_SUNDAY, {"value": ""}, "Indiquez des horaires"),
        (LIMIT_ONE, {"value": "1300"}, "dépasserait"),
        (PERFE_THRESHOLD, {"value": "200"}, "Indiquez un pourcentage"),
    ],
)
def test_a_refusal_is_by_its_field_and_loses_nothing(client, key, changes, sentence):
    data = typed(**changes)
    page = text_of(amend(client, key, data))
    assert sentence in page
    assert data["source"] in page
    assert not RegulatoryParameter.objects.exists()


@pytest.mark.usefixtures("responsable")
def test_the_list_takes_a_fixed_number_of_queries(client, django_assert_max_num_queries):
    for day in range(1, 6):
        amend(client, NOON_IN_TIME, typed(effective_from=f"2026-11-0{day}"))
    with django_assert_max_num_queries(7):
        client.get(INDEX)
