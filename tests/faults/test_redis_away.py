"""Without Redis the site goes on: logins, resets, the API. `segur.queue` has the acts' mails."""

import logging

import pytest
from django.core.cache import caches
from django.urls import reverse

from accounts.enums import Role
from api.enums import Scope
from segur.cache import OptionalRedisCache
from tests.factories import member
from tests.keys import Caller, give_key
from tests.services import free_port

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _away(settings):
    """Nobody listens there."""
    url = f"redis://127.0.0.1:{free_port()}/0"
    redis = {"BACKEND": "segur.cache.OptionalRedisCache", "LOCATION": url}
    settings.CACHES = {"default": redis, "public": redis}


def test_cache_is_as_if_empty_and_warns_once(caplog):
    cache = caches["default"]
    assert isinstance(cache, OptionalRedisCache)
    cache.set("a", 1)
    assert cache.get("a", "nothing") == "nothing"
    assert cache.add("a", 1)
    assert cache.incr("a") == 1
    assert cache.get_many(["a"]) == {}
    assert not cache.has_key("a")
    assert not cache.delete("a")
    assert not cache.touch("a")
    assert cache.set_many({"a": 1}) == ["a"]
    cache.delete_many(["a"])
    lines = [record for record in caplog.records if record.name == "segur.cache"]
    assert [record.levelno for record in lines] == [logging.WARNING]


def test_people_log_in_and_reset_their_password(client):
    person = member()
    typed = {"login": person.email, "password": "mot de passe de test"}
    assert client.post(reverse("account_login"), typed)["Location"] == reverse("landing")
    client.logout()
    answer = client.post(reverse("account_reset_password"), {"email": person.email})
    assert answer["Location"] == reverse("account_reset_password_done")


def test_software_reads_the_api(client, calendars):
    key = give_key(member(Role.MANDATAIRE), scopes=[Scope.READ])[1]
    assert Caller(client, key).get("services").status_code == 200
