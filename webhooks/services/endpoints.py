"""Webhooks: made, tried, disabled, enabled, deleted; their dead deliveries sent again."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Collection

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.enums import Kind, Role
from accounts.models import Organisation
from accounts.selectors.people import people_of
from journal.rules.by import By
from journal.services.acts import lock_row
from journal.services.changes import save_checked
from journal.services.entries import write
from mailing.rules import ACCOUNT_MAIL
from mailing.services.mail import tell
from webhooks.enums import TEST, BodyFormat, DeliveryState, EventKind
from webhooks.models import Delivery, Endpoint
from webhooks.services.events import last_number, trial_payload

MOST = 10
STOPPED = "Le webhook a été désactivé."
DISABLED = "Ce webhook est désactivé : réactivez-le d'abord."
NOT_OVER = "Cet envoi est déjà en attente."


@transaction.atomic
def endpoint_create(
    *,
    organisation: Organisation,
    name: str,
    url: str,
    format: str,  # noqa: A002  (the name of the field)
    kinds: Collection[str],
    by: By,
) -> Endpoint:
    """Is sent what happens from now on."""
    locked = lock_row(organisation)
    if locked.kind == Kind.CLIENT or not locked.is_active:
        raise ValidationError("Cette organisation ne peut pas avoir de webhook.")
    if locked.webhooks.count() >= MOST:
        raise ValidationError(f"{MOST} webhooks existent : supprimez d'abord ceux de trop.")
    row = Endpoint(
        organisation=locked,
        name=name,
        url=url,
        format=BodyFormat(format),
        kinds=[kind for kind in EventKind if kind in kinds],
        salt=secrets.token_hex(16),
        cursor=last_number(),
        created_by=by.user,
        created_at=by.at,
    )
    save_checked(row)
    rights = {"host": row.host, "format": row.format, "kinds": row.kinds}
    write(row, "webhook.create", by=by, what=f"Webhook « {row} » créé", after=rights)
    return row


@transaction.atomic
def endpoint_try(*, endpoint: Endpoint, by: By) -> Delivery:
    """Write a delivery that says nothing happened; it is attempted once."""
    locked = _enabled(endpoint)
    payload = trial_payload(locked, now=by.at)
    return Delivery.objects.create(
        endpoint=locked, event=TEST, payload=payload, next_at=by.at, created_at=by.at
    )


@transaction.atomic
def endpoint_disable(*, endpoint: Endpoint, by: By, note: str = "") -> Endpoint:
    """What waited is dead, and can be sent again later. A second time changes nothing."""
    locked = lock_row(endpoint)
    if locked.is_enabled:
        locked.disabled_at = by.at
        locked.save(update_fields=["disabled_at"])
        locked.deliveries.waiting().update(state=DeliveryState.DEAD, error=STOPPED)
        write(locked, "webhook.disable", by=by, what=f"Webhook « {locked} » désactivé", note=note)
    return locked


@transaction.atomic
def endpoint_give_up(endpoint: Endpoint, *, words: str, now: dt.datetime) -> None:
    """Disabled by the site, which says so to who leads the organisation."""
    by = By.clock(now)
    if not endpoint.is_enabled:
        return
    row = endpoint_disable(endpoint=endpoint, by=by, note=words)
    tell(
        people_of(row.organisation_id).filter(
            memberships__organisation=row.organisation_id, memberships__role=Role.MANDATAIRE
        ),
        kind=ACCOUNT_MAIL,
        template="webhook_disabled",
        context={"webhook": row, "words": words, "dead": row.deliveries.dead().count()},
        key=f"webhook:{row.pk}:{now.isoformat()}",
        by=by,
        about=row,
        stood_in=False,
    )


@transaction.atomic
def endpoint_enable(*, endpoint: Endpoint, by: By) -> Endpoint:
    """Is sent what happens from now on."""
    locked = lock_row(endpoint)
    if not locked.is_enabled:
        locked.disabled_at = locked.failing_since = None
        locked.cursor = last_number()
        locked.save(update_fields=["disabled_at", "failing_since", "cursor"])
        write(locked, "webhook.enable", by=by, what=f"Webhook « {locked} » réactivé")
    return locked


@transaction.atomic
def endpoint_delete(*, endpoint: Endpoint, by: By) -> None:
    """With its deliveries; the journal keeps that it existed."""
    locked = lock_row(endpoint)
    write(locked, "webhook.delete", by=by, what=f"Webhook « {locked} » supprimé")
    locked.delete()


@transaction.atomic
def delivery_replay(*, delivery: Delivery, by: By) -> Delivery:
    """One that has ended, for three days again."""
    endpoint = _enabled(delivery.endpoint)
    locked = lock_row(delivery)
    if not locked.is_over:
        raise ValidationError(NOT_OVER)
    _replay(endpoint, [locked.pk], by=by)
    return locked


@transaction.atomic
def dead_replay(*, endpoint: Endpoint, by: By) -> int:
    """All those that were given up, whose events are older than what comes next. How many."""
    locked = _enabled(endpoint)
    dead = list(locked.deliveries.dead().exclude(event=TEST).values_list("pk", flat=True))
    if dead:
        _replay(locked, dead, by=by)
    return len(dead)


def _enabled(endpoint: Endpoint) -> Endpoint:
    locked = lock_row(endpoint)
    if not locked.is_enabled:
        raise ValidationError(DISABLED)
    return locked


def _replay(endpoint: Endpoint, keys: Collection[int], *, by: By) -> None:
    rows = Delivery.objects.filter(pk__in=keys)
    rows.update(state=DeliveryState.WAITING, tries=0, next_at=by.at, error="")
    what = f"Envois du webhook « {endpoint} » repris : {len(keys)}"
    write(endpoint, "webhook.replay", by=by, what=what)
