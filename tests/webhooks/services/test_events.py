"""From an act to a delivery: nothing lost, nothing twice."""

import pytest

from accounts.models import Organisation
from journal.enums import Readers
from tests.by import acting
from tests.factories import OrganisationFactory
from tests.webhooks.cases import DAY, MINUTE, NOW, endpoint, happen
from webhooks.enums import FAMILIES, EventKind
from webhooks.models import Delivery
from webhooks.services.endpoints import endpoint_disable, endpoint_enable
from webhooks.services.events import collect

pytestmark = pytest.mark.django_db


def test_an_act_of_a_chosen_kind_is_delivered_once(host, actor, settings):
    row = endpoint(host, actor)
    entry = happen(host)
    assert [collect(now=NOW), collect(now=NOW + MINUTE)] == [1, 0]
    delivery = row.deliveries.get()
    assert (delivery.entry_id, delivery.event) == (entry.pk, "deadline.file")
    assert delivery.payload == {
        "type": "deadline.file",
        "timestamp": "2026-12-01T09:00:00+00:00",
        "data": {
            "id": entry.pk,
            "title": "Dépôt enregistré",
            "object": "Solde, PACS du CHU",
            "object_type": "accounts.organisation",
            "object_id": host.pk,
            "objects": [],
            "url": f"{settings.SITE_URL}/",
        },
    }


@pytest.mark.parametrize(
    ("act", "more"),
    [
        ("pv.send", {}),
        ("membership.join", {}),
        ("deadlines.file", {}),
        ("deadline.file", {"readers": Readers.ANS}),
    ],
)
def test_another_kind_and_what_the_organisation_does_not_read_are_not(host, actor, act, more):
    endpoint(host, actor)
    happen(host, act=act, **more)
    assert collect(now=NOW) == 0


@pytest.mark.parametrize("kind", EventKind)
def test_each_kind_has_its_acts(host, actor, kind):
    row = endpoint(host, actor, kinds=[kind])
    for family in sum(FAMILIES.values(), ()):
        happen(host, act=f"{family}.act")
    collect(now=NOW)
    found = row.deliveries.order_by("pk").values_list("event", flat=True)
    assert list(found) == [f"{family}.act" for family in FAMILIES[kind]]


def test_neither_another_organisation_nor_what_came_before(host, actor):
    happen(host)
    endpoint(host, actor)
    happen(OrganisationFactory())
    assert collect(now=NOW) == 0


def test_a_closed_organisation_is_sent_nothing(host, actor):
    endpoint(host, actor)
    happen(host)
    Organisation.objects.filter(pk=host.pk).update(is_active=False)
    assert collect(now=NOW) == 0


def test_what_happens_while_disabled_is_not_sent(host, actor):
    row = endpoint(host, actor)
    endpoint_disable(endpoint=row, by=acting(actor, NOW))
    happen(host)
    assert collect(now=NOW) == 0
    endpoint_enable(endpoint=row, by=acting(actor, NOW + DAY))
    assert collect(now=NOW + DAY) == 0
    happen(host, now=NOW + DAY)
    assert collect(now=NOW + DAY) == 1


def test_two_webhooks_each_get_it(host, actor):
    endpoint(host, actor, name="Premier")
    endpoint(host, actor, name="Second")
    happen(host)
    assert collect(now=NOW) == 2
    assert Delivery.objects.values("endpoint").distinct().count() == 2


def test_queries_do_not_grow_with_the_acts(host, actor, django_assert_max_num_queries):
    endpoint(host, actor)
    for _ in range(30):
        happen(host)
    with django_assert_max_num_queries(12):
        assert collect(now=NOW) == 30
