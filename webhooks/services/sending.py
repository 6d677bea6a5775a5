"""Post what is due: claimed, posted outside any transaction, then recorded.

The claim adds one to `tries` and puts `next_at` after the longest attempt, by a conditional update:
of two workers one has it, and what a killed worker had is due again when its lease ends. A receiver
may get an event twice, with the same `webhook-id`; it never gets less than once within three days.
"""

from __future__ import annotations

import datetime as dt
import json
import time
from collections.abc import Collection

from django.conf import settings
from django.db import transaction
from django.db.models import F
from standardwebhooks.webhooks import Webhook

from webhooks.enums import DeliveryState
from webhooks.models import Delivery, Endpoint
from webhooks.rules.messages import FORMATS
from webhooks.rules.retries import THREE_DAYS, next_attempt
from webhooks.services.endpoints import endpoint_give_up
from webhooks.services.posting import PostAnswer, post

LEASE = dt.timedelta(minutes=5)
RUN_SECONDS = 30.0
"""A run starts no new attempt after this: the next run is a minute later."""
GONE = 410
"""By Standard Webhooks: the receiver wants nothing any more."""


def send_due(*, now: dt.datetime) -> int:
    """Attempt what is due; how many. An address that has just failed waits for the next run, so
    that it keeps nobody else's."""
    stop = time.monotonic() + RUN_SECONDS
    failed: set[int] = set()
    count = 0
    while time.monotonic() < stop and (delivery := _claim(failed, now=now)):
        answer = post(delivery.endpoint.url, *_signed(delivery, now=now))
        _record(delivery, answer, now=now)
        if not answer.is_delivered:
            failed.add(delivery.endpoint_id)
        count += 1
    return count


@transaction.atomic
def _claim(but: Collection[int], *, now: dt.datetime) -> Delivery | None:
    due = Delivery.objects.due(now=now).exclude(endpoint__in=but)
    found = due.select_related("endpoint").order_by("next_at", "pk").first()
    if found is None:
        return None
    mine = Delivery.objects.due(now=now).filter(pk=found.pk, tries=found.tries)
    if not mine.update(tries=F("tries") + 1, next_at=now + LEASE, last_try_at=now):
        return _claim({*but, found.endpoint_id}, now=now)
    found.tries += 1
    return found


def _signed(delivery: Delivery, *, now: dt.datetime) -> tuple[bytes, dict[str, str]]:
    """Body and headers. Signed with each secret key of the site that still counts, as Standard
    Webhooks has it while a secret changes."""
    endpoint = delivery.endpoint
    body = json.dumps(FORMATS[endpoint.format](delivery.payload), ensure_ascii=False)
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    at = now.astimezone(dt.UTC)
    signatures = [Webhook(endpoint.secret(k)).sign(delivery.message_id, at, body) for k in keys]
    return body.encode(), {
        "Content-Type": "application/json",
        "User-Agent": "segur-webhooks/1",
        "webhook-id": delivery.message_id,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": " ".join(signatures),
    }


@transaction.atomic
def _record(delivery: Delivery, answer: PostAnswer, *, now: dt.datetime) -> None:
    """Nothing is recorded for an attempt that lost its claim, or of a deleted webhook."""
    endpoint = Endpoint.objects.select_for_update().filter(pk=delivery.endpoint_id).first()
    mine = Delivery.objects.waiting().filter(pk=delivery.pk, tries=delivery.tries)
    if endpoint is None or not mine.update(**_changes(delivery, answer, now=now)):
        return
    if answer.is_delivered:
        endpoint.failing_since = None
    elif not delivery.is_trial:
        endpoint.failing_since = endpoint.failing_since or now
    endpoint.save(update_fields=["failing_since"])
    since = endpoint.failing_since
    if answer.status == GONE or (since and now - since >= THREE_DAYS):
        endpoint_give_up(endpoint, words=answer.words, now=now)


def _changes(delivery: Delivery, answer: PostAnswer, *, now: dt.datetime) -> dict[str, object]:
    known: dict[str, object] = {"last_status": answer.status, "error": answer.words}
    if answer.is_delivered:
        return {**known, "state": DeliveryState.DELIVERED}
    again = None if delivery.is_trial else next_attempt(delivery.tries, now=now)
    if again is None:
        return {**known, "state": DeliveryState.DEAD}
    return {**known, "next_at": again}
