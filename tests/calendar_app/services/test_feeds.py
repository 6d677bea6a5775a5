"""The private address: derived, replaced, revoked, forged."""

import datetime as dt

import pytest

from calendar_app.models import FeedAddress
from calendar_app.services.feeds import (
    address_create,
    address_open,
    address_revoke,
    token_of,
)
from tests.by import acting
from tests.factories import member

NOW = dt.datetime(2026, 11, 22, 9, tzinfo=dt.UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture
def address():
    return address_create(by=acting(member(), NOW))


def test_the_token_opens_its_address(address):
    assert address_open(token_of(address), now=NOW) == address


def test_the_database_alone_does_not_give_the_token(address):
    token = token_of(address)
    assert token not in str(FeedAddress.objects.values().get())
    assert address_open(address.nonce, now=NOW) is None
    assert address_open(f"{address.nonce}.", now=NOW) is None


def test_the_token_depends_on_the_key_of_the_site(address, settings):
    token = token_of(address)
    settings.SECRET_KEY = "une autre clé"
    assert token_of(address) != token
    assert address_open(token, now=NOW) is None


@pytest.mark.parametrize("token", ["", ".", "inconnu", "inconnu.inconnu", "é.è", "a\0b.c"])
def test_what_is_not_a_token_opens_nothing(address, token, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert address_open(token, now=NOW) is None


def test_a_mac_does_not_open_another_address(address):
    other = address_create(by=acting(member(), NOW))
    mac = token_of(other).partition(".")[2]
    assert address_open(f"{address.nonce}.{mac}", now=NOW) is None


def test_a_new_address_replaces_the_one_before(address):
    again = address_create(by=acting(address.user, NOW))
    assert address_open(token_of(address), now=NOW) is None
    assert address_open(token_of(again), now=NOW) == again
    assert FeedAddress.objects.get() == again


def test_a_revoked_address_opens_nothing(address):
    assert address_revoke(actor=address.user) is True
    assert address_open(token_of(address), now=NOW) is None
    assert address_revoke(actor=address.user) is False


def test_a_closed_account_opens_nothing(address):
    address.user.is_active = False
    address.user.save()
    assert address_open(token_of(address), now=NOW) is None


def test_reading_is_noted_to_a_quarter_of_an_hour(address):
    token = token_of(address)
    read_at = []
    quarter, second = dt.timedelta(minutes=15), dt.timedelta(seconds=1)
    for now in (NOW, NOW + quarter - second, NOW + quarter, NOW + 2 * quarter - second):
        address_open(token, now=now)
        read_at.append(FeedAddress.objects.get().last_read_at)
    assert read_at == [NOW, NOW, NOW + quarter, NOW + quarter]
