"""Deliveries to a real receiver: signed, tried again, given up, sent again."""

import datetime as dt
import json

import pytest
import time_machine
from standardwebhooks.webhooks import Webhook

from accounts.enums import Role
from mailing.models import OutgoingMail
from tests.by import acting
from tests.entries import entries
from tests.factories import OrganisationFactory, member
from tests.webhooks.cases import DAY, HOUR, MINUTE, NOW, endpoint, happen
from tests.webhooks.receiver import bodies, receiver
from webhooks.enums import BodyFormat, DeliveryState
from webhooks.models import Delivery
from webhooks.rules.retries import DELAYS
from webhooks.services.endpoints import (
    dead_replay,
    delivery_replay,
    endpoint_disable,
    endpoint_enable,
    endpoint_try,
)
from webhooks.services.events import collect
from webhooks.services.sending import LEASE, _claim, send_due

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("on_loopback")]
WAITING, DELIVERED, DEAD = DeliveryState.WAITING, DeliveryState.DELIVERED, DeliveryState.DEAD


def waiting(host, actor, server, now=NOW, **more):
    """A webhook towards this receiver, with one delivery to make."""
    row = endpoint(host, actor, url=server.url, **more)
    happen(host, now=now)
    collect(now=now)
    return row


def test_a_delivery_is_signed_as_standard_webhooks_has_it(host, actor):
    with receiver() as server, time_machine.travel(NOW, tick=False):
        row = waiting(host, actor, server)
        assert send_due(now=NOW) == 1
        [(headers, body, _)] = server.got
        assert Webhook(row.secret()).verify(body.decode(), headers) == json.loads(body)
    delivery = row.deliveries.get()
    assert (delivery.state, delivery.tries, delivery.last_status) == (DELIVERED, 1, 204)
    assert headers["webhook-id"] == delivery.message_id


def test_while_the_key_of_the_site_changes_both_secrets_verify(host, actor, settings):
    former = settings.SECRET_KEY
    with receiver() as server, time_machine.travel(NOW, tick=False):
        row = waiting(host, actor, server)
        secrets = [row.secret()]
        settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another key of the site", [former]
        send_due(now=NOW)
        [(headers, body, _)] = server.got
        secrets.append(row.secret())
        for secret in secrets:
            assert Webhook(secret).verify(body.decode(), headers)
    assert len(set(secrets)) == 2


@pytest.mark.parametrize(
    ("form", "key"),
    [
        (BodyFormat.TEAMS, "attachments"),
        (BodyFormat.SLACK, "text"),
        (BodyFormat.MATTERMOST, "text"),
    ],
)
def test_a_channel_gets_a_message(host, actor, form, key):
    with receiver() as server:
        waiting(host, actor, server, format=form)
        send_due(now=NOW)
    [body] = bodies(server)
    assert "Dépôt enregistré" in json.dumps(body[key], ensure_ascii=False)


def test_after_a_failure_it_is_tried_again_with_the_same_identifier(host, actor):
    with receiver(503, 200) as server:
        row = waiting(host, actor, server)
        send_due(now=NOW)
        delivery = row.deliveries.get()
        assert (delivery.state, delivery.error) == (WAITING, "Le serveur a répondu 503.")
        row.refresh_from_db()
        assert row.failing_since == NOW
        assert send_due(now=NOW + MINUTE - dt.timedelta(seconds=1)) == 0
        assert send_due(now=NOW + MINUTE) == 1
    row.refresh_from_db()
    delivery.refresh_from_db()
    assert (delivery.state, delivery.tries, delivery.error) == (DELIVERED, 2, "")
    assert row.failing_since is None
    assert len({headers["webhook-id"] for headers, _, _ in server.got}) == 1


def fail_for_three_days(row):
    """Returns the instant of the last attempt."""
    now = NOW
    for delay in DELAYS:
        send_due(now=now)
        row.refresh_from_db()
        assert row.is_enabled
        now += delay
    send_due(now=now)
    row.refresh_from_db()
    return now


def test_after_three_days_it_is_dead_and_the_webhook_disabled_with_a_mail(host, actor):
    salarie, other = member(Role.SALARIE, host), member(Role.MANDATAIRE)
    with receiver(500) as server:
        row = waiting(host, actor, server)
        last = fail_for_three_days(row)
    assert last == NOW + 3 * DAY
    assert len(server.got) == len(DELAYS) + 1
    assert row.deliveries.get().state == DEAD
    assert row.disabled_at == last
    assert entries(row)[-1].act == "webhook.disable"
    mail = OutgoingMail.objects.get(subject__contains="désactivé")
    assert mail.user == actor
    assert {salarie, other}.isdisjoint({mail.user})
    assert "Le serveur a répondu 500." in mail.body_text
    assert mail.page == row.get_absolute_url()


def test_a_dead_delivery_is_replayed_once_the_receiver_is_back(host, actor):
    with receiver(500) as server:
        row = waiting(host, actor, server)
        last = fail_for_three_days(row)
    by = acting(actor, last + HOUR)
    with receiver(200) as server:
        type(row).objects.update(url=server.url)
        endpoint_enable(endpoint=row, by=by)
        row.refresh_from_db()
        delivery_replay(delivery=row.deliveries.get(), by=by)
        assert send_due(now=by.at) == 1
    assert [body["type"] for body in bodies(server)] == ["deadline.file"]
    assert row.deliveries.get().state == DELIVERED
    assert entries(row)[-1].act == "webhook.replay"


def test_all_dead_ones_are_replayed_together_but_trials(host, actor):
    with receiver(200) as server:
        row = waiting(host, actor, server)
        happen(host)
        collect(now=NOW)
        endpoint_try(endpoint=row, by=acting(actor, NOW))
        row.deliveries.update(state=DEAD)
        assert dead_replay(endpoint=row, by=acting(actor, NOW + DAY)) == 2
        assert send_due(now=NOW + DAY) == 2


def test_gone_disables_at_once(host, actor):
    with receiver(410) as server:
        row = waiting(host, actor, server)
        send_due(now=NOW)
    row.refresh_from_db()
    assert row.disabled_at == NOW
    assert row.deliveries.get().state == DEAD
    assert OutgoingMail.objects.filter(user=actor, subject__contains="désactivé").count() == 1


def test_a_trial_is_made_once_and_says_nothing_of_the_webhook(host, actor):
    with receiver(500) as server:
        row = endpoint(host, actor, url=server.url)
        endpoint_try(endpoint=row, by=acting(actor, NOW))
        send_due(now=NOW)
    row.refresh_from_db()
    assert row.deliveries.get().state == DEAD
    assert row.failing_since is None


def test_a_webhook_that_fails_keeps_nobody_else_waiting(host, actor):
    other = OrganisationFactory()
    with receiver(500) as down, receiver(200) as up:
        waiting(host, actor, down)
        happen(host)
        waiting(other, member(Role.MANDATAIRE, other), up)
        collect(now=NOW)
        assert send_due(now=NOW) == 2
    assert (len(down.got), len(up.got)) == (1, 1)


def test_what_a_killed_worker_had_is_due_again_when_its_lease_ends(host, actor):
    with receiver() as server:
        waiting(host, actor, server)
        assert _claim([], now=NOW) is not None
        assert _claim([], now=NOW + LEASE - MINUTE) is None
        assert send_due(now=NOW + LEASE) == 1
    assert len(server.got) == 1


def test_nothing_leaves_once_it_is_disabled(host, actor):
    with receiver() as server:
        row = waiting(host, actor, server)
        endpoint_disable(endpoint=row, by=acting(actor, NOW))
        assert send_due(now=NOW) == 0
    assert (server.got, Delivery.objects.get().state) == ([], DEAD)
