import pytest
from django.core.exceptions import ValidationError

from tests.by import acting
from tests.entries import entries
from tests.factories import OrganisationFactory
from tests.webhooks.cases import DAY, NOW, endpoint
from webhooks.enums import DeliveryState
from webhooks.models import Endpoint
from webhooks.services.endpoints import (
    DISABLED,
    NOT_OVER,
    delivery_replay,
    endpoint_delete,
    endpoint_disable,
    endpoint_enable,
    endpoint_try,
)
from webhooks.services.personal_data import KEPT_FOR, forget_deliveries

pytestmark = pytest.mark.django_db


def test_the_address_itself_is_not_in_the_journal(host, actor):
    row = endpoint(host, actor)
    [entry] = entries(row)
    assert (entry.act, entry.organisation_id) == ("webhook.create", host.pk)
    assert entry.after == {"host": "recoit.example", "format": "STANDARD", "kinds": ["ECHEANCES"]}


def test_ten_at_most(host, actor):
    for number in range(10):
        endpoint(host, actor, name=f"Logiciel {number}")
    with pytest.raises(ValidationError, match="10 webhooks existent"):
        endpoint(host, actor, name="Un de trop")


def test_a_name_serves_once_in_an_organisation(host, actor):
    endpoint(host, actor)
    with pytest.raises(ValidationError, match="porte déjà ce nom"):
        endpoint(host, actor)
    assert endpoint(OrganisationFactory(), actor)


@pytest.mark.parametrize("fields", [{"client": True}, {"is_active": False}])
def test_neither_a_client_nor_a_closed_organisation(actor, fields):
    with pytest.raises(ValidationError, match="ne peut pas"):
        endpoint(OrganisationFactory(**fields), actor)


def test_each_has_its_own_secret(host, actor):
    first, second = endpoint(host, actor), endpoint(host, actor, name="Autre")
    assert first.secret() != second.secret()
    assert first.secret().startswith("whsec_")


def test_disabled_then_enabled_each_is_written_once(host, actor):
    row = endpoint(host, actor)
    for _ in range(2):
        endpoint_disable(endpoint=row, by=acting(actor, NOW))
    for _ in range(2):
        endpoint_enable(endpoint=row, by=acting(actor, NOW + DAY))
    acts = [entry.act for entry in entries(row)]
    assert acts == ["webhook.create", "webhook.disable", "webhook.enable"]


def test_a_disabled_one_neither_tries_nor_replays(host, actor):
    row = endpoint(host, actor)
    delivery = endpoint_try(endpoint=row, by=acting(actor, NOW))
    endpoint_disable(endpoint=row, by=acting(actor, NOW))
    with pytest.raises(ValidationError, match=DISABLED):
        endpoint_try(endpoint=row, by=acting(actor, NOW))
    with pytest.raises(ValidationError, match=DISABLED):
        delivery_replay(delivery=delivery, by=acting(actor, NOW))


def test_what_waits_is_not_replayed(host, actor):
    delivery = endpoint_try(endpoint=endpoint(host, actor), by=acting(actor, NOW))
    with pytest.raises(ValidationError, match=NOT_OVER):
        delivery_replay(delivery=delivery, by=acting(actor, NOW))


def test_deleted_it_leaves_its_entries(host, actor):
    row = endpoint(host, actor)
    key = row.pk
    endpoint_try(endpoint=row, by=acting(actor, NOW))
    endpoint_delete(endpoint=row, by=acting(actor, NOW))
    assert not Endpoint.objects.exists()
    assert [entry.act for entry in entries(Endpoint(pk=key))] == [
        "webhook.create",
        "webhook.delete",
    ]


@pytest.mark.parametrize(
    ("age", "state", "gone"),
    [
        (KEPT_FOR, DeliveryState.DELIVERED, 0),
        (KEPT_FOR + DAY, DeliveryState.DELIVERED, 1),
        (KEPT_FOR + DAY, DeliveryState.DEAD, 1),
        (KEPT_FOR + DAY, DeliveryState.WAITING, 0),
    ],
)
def test_a_delivery_that_has_ended_is_forgotten_after_ninety_days(host, actor, age, state, gone):
    row = endpoint(host, actor)
    endpoint_try(endpoint=row, by=acting(actor, NOW))
    row.deliveries.update(state=state)
    assert forget_deliveries(NOW + age, NOW) == gone
