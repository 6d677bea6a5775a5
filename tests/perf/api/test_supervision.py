"""`/perf/supervision/`: what was delivered, and the probes that no service has."""

import datetime as dt
from html import unescape

import pytest
from django.urls import reverse

from accounts.enums import Role
from perf.models import Outage, ProbeEvent, Service
from perf.services import probes
from tests.factories import ServiceFactory, member
from tests.pages import markup
from tests.perf.api.incidents import delivery, life

NOW = dt.datetime(2026, 11, 22, 21, tzinfo=dt.UTC)
PAGE = "/perf/supervision/"


@pytest.fixture
def agent(client, calendars):
    user = member(Role.AGENT)
    client.force_login(user)
    return client


def receive(*payloads):
    for one in payloads:
        probes.receive(payload=one, now=NOW)


def test_before_the_first_delivery_it_says_how_to_begin(agent):
    page = unescape(markup(agent.get(PAGE)))
    assert "Better Stack n'a encore rien envoyé" in page
    assert "/api/v1/webhooks/better-stack" in page


@pytest.mark.parametrize(
    ("event", "words"),
    [
        ("started", "Début"),
        ("created", "Début"),
        ("comment", "Commentaire"),
        ("zut", "Autre envoi"),
    ],
)
def test_what_is_delivered_is_named_in_french(agent, event, words):
    receive(delivery(event))
    page = markup(agent.get(PAGE))
    assert f'<td data-label="Envoi">{words}</td>' in page


def test_an_unknown_probe_is_shown_with_what_it_reported(agent):
    receive(*life(), delivery(incident="2"))
    page = agent.get(PAGE)
    [probe] = page.context["probes"]
    assert (probe.probe_id, probe.incidents) == ("2417835", 2)
    content = unescape(markup(page))
    assert "1 sonde sans service" in content
    assert "DRIMbox · Centre hospitalier fictif" in content
    assert content.count(probes.WAITING) == 4


def test_given_to_a_service_it_is_recorded_at_once(agent):
    service = ServiceFactory(code="drimbox-chu")
    receive(*life())
    answer = agent.post(PAGE, {"probe_id": "2417835", "code": " drimbox-chu "}, follow=True)
    assert answer.redirect_chain[-1][0] == reverse("perf:supervision")
    service.refresh_from_db()
    assert service.probe_id == "2417835"
    assert Outage.objects.get().service == service
    assert "Chaque sonde connue a son service" in markup(answer)


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({"code": "inconnu"}, "Aucun service n'a ce code"),
        ({"code": "prise"}, "a déjà la sonde 99"),
        ({"code": ""}, "Indiquez le code du service"),
    ],
)
def test_a_code_that_cannot_take_the_probe(agent, data, sentence):
    ServiceFactory(code="prise", probe_id="99")
    receive(delivery())
    answer = agent.post(PAGE, {"probe_id": "2417835", **data})
    assert answer.status_code == 422
    assert sentence in unescape(markup(answer))
    assert not Service.objects.filter(probe_id="2417835").exists()


def test_the_number_of_queries_does_not_grow(agent, django_assert_max_num_queries):
    ServiceFactory(code="a", probe_id="1")
    for number in range(30):
        receive(delivery(incident=str(number), monitor=str(1 + number % 2)))
    receive(delivery(monitor="3"), delivery(monitor="4"))
    with django_assert_max_num_queries(12):
        assert agent.get(PAGE).status_code == 200
    assert ProbeEvent.objects.count() == 32


def test_it_is_for_the_agents_of_the_ans(client, calendars):
    client.force_login(member(Role.MANDATAIRE))
    assert client.get(PAGE).status_code == 403
    assert client.post(PAGE, {"probe_id": "1", "code": "a"}).status_code == 403
    client.logout()
    assert client.get(PAGE).status_code == 302
