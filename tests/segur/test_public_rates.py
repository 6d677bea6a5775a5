"""The bounds of whoever is not logged in: on them, beyond them, and whom they leave alone."""

import datetime as dt

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from calendar_app.services.feeds import address_create, token_of
from segur import public_rates
from tests.by import acting
from tests.factories import member
from tests.pages import text

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 11, 30, 9, 30, 18, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def _three_a_minute(settings, monkeypatch):
    settings.RATE_PUBLIC = 3
    settings.WHITENOISE_USE_FINDERS = True
    monkeypatch.setitem(public_rates.BY_ADDRESS, "reminders:unsubscribe", 3)
    monkeypatch.setitem(public_rates.BY_KEY, "calendars:private_feed", 3)
    with time_machine.travel(NOW, tick=False):
        yield


def statuses(client, url, count, **extra):
    found = []
    for _ in range(count):
        answer = client.get(url, **extra)
        answer.getvalue()  # a static file is open until it has been read
        found.append(answer.status_code)
    return found


ADDRESSES = {
    "page": lambda: reverse("accessibility"),
    "login": lambda: reverse("account_login"),
    "feed": lambda: reverse("publications:feed"),
    "open data": lambda: reverse("programme:json"),
    "page of a person": lambda: reverse("accounts:profile"),
    "API": lambda: reverse("api:outages"),
    "documentation of the API": lambda: reverse("api:docs"),
    "nothing": lambda: "/nulle-part/",
    "unsubscribe": lambda: reverse("reminders:unsubscribe", args=["unknown"]),
    "private feed": lambda: reverse("calendars:private_feed", args=["unknown"]),
}


@pytest.mark.parametrize("address", ADDRESSES.values(), ids=ADDRESSES)
def test_the_fourth_call_of_a_minute_is_refused_until_the_next(client, address):
    *three, fourth = [client.get(address()) for _ in range(4)]
    assert 429 not in {answer.status_code for answer in three}
    assert (fourth.status_code, fourth["Retry-After"]) == (429, "42")
    with time_machine.travel(NOW + dt.timedelta(seconds=42), tick=False):
        assert client.get(address()).status_code == three[0].status_code


def test_a_refusal_of_a_page_is_a_page_and_of_the_api_a_problem(client):
    statuses(client, reverse("accessibility"), 3)
    assert "le nombre de tentatives est limité" in text(client.get(reverse("accessibility")))
    assert "attendez la suivante" in client.get(reverse("api:outages")).json()["detail"]


def test_two_places_do_not_count_together(client):
    url = reverse("accessibility")
    assert statuses(client, url, 3, REMOTE_ADDR="192.0.2.1") == [200] * 3
    assert statuses(client, url, 1, REMOTE_ADDR="192.0.2.2") == [200]


def test_a_header_that_a_visitor_writes_does_not_change_where_they_call_from(client):
    url = reverse("accessibility")
    found = [
        client.get(url, headers={"x-forwarded-for": f"192.0.2.{n}"}).status_code for n in range(4)
    ]
    assert found == [200, 200, 200, 429]


def test_behind_our_proxy_each_visitor_counts_alone(client, settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    url = reverse("accessibility")
    found = [
        client.get(url, headers={"x-forwarded-for": f"192.0.2.{n}"}).status_code for n in range(4)
    ]
    assert found == [200] * 4


def test_two_feeds_read_by_one_agenda_server_count_apart(client):
    urls = [
        reverse("calendars:private_feed", args=[token_of(address_create(by=by))])
        for by in (acting(member(), timezone.now()) for _ in range(2))
    ]
    assert statuses(client, urls[0], 4) == [200, 200, 200, 429]
    assert statuses(client, urls[1], 3) == [200, 200, 200]


def test_whoever_is_logged_in_is_left_alone(client):
    client.force_login(member())
    assert statuses(client, reverse("accessibility"), 5) == [200] * 5


def test_health_and_static_files_are_left_alone(client):
    assert statuses(client, reverse("liveness"), 5) == [200] * 5
    assert statuses(client, "/static/segur/base.css", 5) == [200] * 5


def test_a_redis_that_is_away_lets_everybody_pass_and_the_log_says_so(client, settings, caplog):
    away = {"BACKEND": "segur.cache.OptionalRedisCache", "LOCATION": "redis://127.0.0.1:9"}
    settings.CACHES = {**settings.CACHES, "public": away}
    assert statuses(client, reverse("accessibility"), 5) == [200] * 5
    assert "rate limits let all pass" in caplog.text
