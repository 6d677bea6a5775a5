"""Of the demonstration: a webhook towards an address that does not exist, so disabled, with what
happened to its last deliveries."""

from __future__ import annotations

import datetime as dt

from accounts.models import Organisation
from journal.models import Entry
from journal.rules.by import By
from webhooks.enums import BodyFormat, DeliveryState, EventKind
from webhooks.models import Delivery
from webhooks.services.endpoints import endpoint_create, endpoint_disable
from webhooks.services.events import payload_of

ADDRESS = "https://messages.example/flux/conformite"
OUTCOMES = (
    (DeliveryState.DELIVERED, 1, 200, ""),
    (DeliveryState.DELIVERED, 2, 202, ""),
    (DeliveryState.DEAD, 11, 503, "Le serveur a répondu 503."),
)


def tell_webhooks(organisation: Organisation, by: By) -> None:
    webhook = endpoint_create(
        organisation=organisation,
        name="Canal Teams Conformité",
        url=ADDRESS,
        format=BodyFormat.TEAMS,
        kinds=[EventKind.DEADLINES, EventKind.PV],
        by=by,
    )
    entries = Entry.objects.for_all().filter(
        organisation_id=organisation.pk, act__startswith="deadline.", many=[]
    )[: len(OUTCOMES)]
    Delivery.objects.bulk_create(
        Delivery(
            endpoint=webhook,
            entry_id=entry.pk,
            event=entry.act,
            payload=payload_of(entry),
            state=state,
            tries=tries,
            last_status=status,
            error=words,
            created_at=by.at - dt.timedelta(days=4, hours=place),
            last_try_at=by.at - dt.timedelta(days=1),
        )
        for place, (entry, (state, tries, status, words)) in enumerate(
            zip(entries, OUTCOMES, strict=False)
        )
    )
    endpoint_disable(endpoint=webhook, by=by)
