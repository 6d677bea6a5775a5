"""The pages of a Mandataire."""

from http import HTTPStatus

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.enums import Role
from journal.models import Entry
from tests.by import acting
from tests.factories import member
from tests.pages import cells, text
from tests.webhooks.cases import endpoint
from tests.webhooks.receiver import receiver
from webhooks.enums import BodyFormat, DeliveryState, EventKind
from webhooks.models import Delivery, Endpoint
from webhooks.services.endpoints import endpoint_try
from webhooks.services.posting import NO_PORT, PRIVATE
from webhooks.services.sending import send_due

pytestmark = pytest.mark.django_db
PAGE = reverse("webhooks:index")
ACTS = ("detail", "secret", "trial", "disable", "enable", "delete", "replay_dead")
POSTED = ("secret", "trial", "disable", "enable", "replay_dead")


@pytest.fixture
def mine(client, actor):
    client.force_login(actor)
    return client


@pytest.fixture
def row(host, actor):
    return endpoint(host, actor)


def answer(**more):
    fields = {"name": "Canal", "url": "https://8.8.8.8/", "format": BodyFormat.SLACK}
    return {**fields, "kinds": [EventKind.PV, EventKind.DEADLINES], **more}


def at(name, row):
    return reverse(f"webhooks:{name}", args=[row.pk])


def call(client, name, row):
    return client.post(at(name, row)) if name in POSTED else client.get(at(name, row))


def test_the_page_of_the_organisation_leads_there(mine):
    assert PAGE in mine.get(reverse("accounts:organisation")).content.decode()


@pytest.mark.parametrize("port", ["0", "65536", "99999"])
def test_a_port_that_does_not_exist_is_refused(mine, host, port):
    refused = mine.post(PAGE, answer(url=f"https://8.8.8.8:{port}/"))
    assert refused.status_code == 422
    assert NO_PORT in text(refused)
    assert not host.webhooks.exists()


def test_a_new_one_is_listed_by_its_server_alone(mine, host):
    made = mine.post(PAGE, answer(url="https://8.8.8.8/secret/T123"), follow=True)
    assert made.redirect_chain == [(host.webhooks.get().get_absolute_url(), HTTPStatus.FOUND)]
    listed = text(mine.get(PAGE))
    assert "Canal 8.8.8.8" in listed
    assert "T123" not in listed
    assert cells(mine.get(PAGE), "Événements") == [
        "Échéances et dépôts Clients pilotes, PV et demandes à l'ASP"
    ]


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("https://10.0.0.1/", PRIVATE),
        ("https://localhost/", PRIVATE),
        ("http://8.8.8.8/", "https://"),
        ("ftp://8.8.8.8/", "https://"),
        ("https://nom:passe@8.8.8.8/", "avant @"),
        ("https://éxemple.example/", "accent"),
        ("https://inconnu.invalid/", "Ce nom n'a pas d'adresse"),
        ("", "Donnez l'adresse"),
    ],
)
def test_a_wrong_address_is_refused_and_nothing_typed_is_lost(mine, url, words):
    refused = mine.post(PAGE, answer(url=url))
    assert refused.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert words in text(refused)
    assert 'value="Canal"' in refused.content.decode()
    assert not Endpoint.objects.exists()


def test_the_secret_is_shown_on_demand_and_not_kept_by_the_browser(mine, row):
    assert row.secret() not in mine.get(at("detail", row)).content.decode()
    shown = mine.post(at("secret", row))
    assert row.secret() in shown.content.decode()
    assert "no-store" in shown["Cache-Control"]


def test_a_trial_that_fails_is_shown_and_replayed(mine, host, actor, on_loopback):
    with receiver(500, 200) as server:
        row = endpoint(host, actor, url=server.url)
        mine.post(at("trial", row))
        send_due(now=timezone.now())
        page = mine.get(at("detail", row))
        assert cells(page, "État") == ["Abandonné"]
        assert cells(page, "Réponse") == ["Le serveur a répondu 500."]
        mine.post(reverse("webhooks:replay", args=[row.deliveries.get().pk]))
        send_due(now=timezone.now())
    page = mine.get(at("detail", row))
    assert (cells(page, "État"), cells(page, "Réponse")) == (["Remis"], ["200"])


def test_disabled_enabled_and_deleted_by_their_buttons(mine, row):
    assert "Désactivé" in text(mine.post(at("disable", row), follow=True))
    assert "est réactivé" in text(mine.post(at("enable", row), follow=True))
    assert "Supprimer ce webhook" in text(mine.get(at("delete", row)))
    assert "Aucun webhook" in text(mine.post(at("delete", row), follow=True))


def test_dead_ones_are_replayed_by_one_button_that_counts_them(mine, row):
    for number in range(2):
        Delivery.objects.create(
            endpoint=row,
            entry_id=number,
            event="deadline.file",
            payload={"data": {"title": "Dépôt enregistré"}},
            state=DeliveryState.DEAD,
        )
    assert "Reprendre les 2 envois abandonnés" in text(mine.get(at("detail", row)))
    assert "Envois repris : 2." in text(mine.post(at("replay_dead", row), follow=True))


@pytest.mark.parametrize("name", ACTS)
def test_another_organisation_finds_nothing(client, row, name):
    client.force_login(member(Role.MANDATAIRE))
    assert call(client, name, row).status_code == HTTPStatus.NOT_FOUND
    assert Endpoint.objects.filter(disabled_at=None).count() == 1


@pytest.mark.parametrize("role", [Role.SALARIE, Role.REPRESENTANT])
@pytest.mark.parametrize("name", ACTS)
def test_a_member_who_does_not_lead_is_refused(client, host, row, name, role):
    client.force_login(member(role, host))
    before = Entry.objects.count()
    assert call(client, name, row).status_code == HTTPStatus.FORBIDDEN
    assert client.get(PAGE).status_code == HTTPStatus.FORBIDDEN
    assert Entry.objects.count() == before


@pytest.mark.parametrize("role", [Role.AGENT, Role.RESPONSABLE])
def test_the_ans_does_not_see_those_of_others(client, row, role):
    client.force_login(member(role))
    assert client.get(at("detail", row)).status_code == HTTPStatus.NOT_FOUND


def test_a_delivery_of_another_organisation_is_not_replayed(client, row, actor):
    delivery = endpoint_try(endpoint=row, by=acting(actor, timezone.now()))
    client.force_login(member(Role.MANDATAIRE))
    url = reverse("webhooks:replay", args=[delivery.pk])
    assert client.post(url).status_code == HTTPStatus.NOT_FOUND


def test_queries_do_not_grow_with_the_deliveries(mine, row, actor, django_assert_max_num_queries):
    for _ in range(40):
        endpoint_try(endpoint=row, by=acting(actor, timezone.now()))
    with django_assert_max_num_queries(14):
        mine.get(at("detail", row))
