"""From the journal to deliveries.

The chain of the journal numbers what is committed, by one writer and without holes: an address that
keeps the last number that it has seen misses nothing and gets nothing twice.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Max
from django.urls import reverse

from journal.models import Entry, Link
from journal.rules.workflow import LABELS
from webhooks.enums import KIND_OF, TEST
from webhooks.models import Delivery, Endpoint

PAGES = {
    "calendar_app.deadline": "deadlines:detail",
    "calendar_app.solution": "solutions:detail",
    "calendar_app.supplier": "solutions:supplier_detail",
    "calendar_app.prestation": "prestations:detail",
    "pilots.pilot": "pilots:detail",
    "pilots.pilotpv": "pilots:pv",
    "perf.outage": "perf:outage",
    "perf.ticket": "perf:ticket",
    "perf.ratio": "perf:ratio",
}
"""What an entry is about → its page, where its key is enough to find it."""


def last_number() -> int:
    return Link.objects.aggregate(last=Max("number"))["last"] or 0


def collect(*, now: dt.datetime) -> int:
    """Write the deliveries of what happened since the last call. How many."""
    last = last_number()
    behind = Endpoint.objects.filter(
        disabled_at=None, organisation__is_active=True, cursor__lt=last
    )
    return sum(_collect_for(pk, last, now) for pk in behind.values_list("pk", flat=True))


@transaction.atomic
def _collect_for(endpoint_id: int, last: int, now: dt.datetime) -> int:
    endpoint = Endpoint.objects.select_for_update().filter(pk=endpoint_id, cursor__lt=last).first()
    if endpoint is None or not endpoint.is_enabled:
        return 0
    links = Link.objects.filter(number__gt=endpoint.cursor, number__lte=last)
    entries = (
        Entry.objects.for_all()
        .filter(organisation_id=endpoint.organisation_id, pk__in=links.values("entry_id"))
        .order_by("pk")
    )
    deliveries = [
        Delivery(
            endpoint=endpoint,
            entry_id=entry.pk,
            event=entry.act,
            payload=payload_of(entry),
            next_at=now,
            created_at=now,
        )
        for entry in entries
        if KIND_OF.get(entry.act.partition(".")[0]) in endpoint.kinds
    ]
    Delivery.objects.bulk_create(deliveries)
    endpoint.cursor = last
    endpoint.save(update_fields=["cursor"])
    return len(deliveries)


def payload_of(entry: Entry) -> dict[str, Any]:
    """Names nobody: who acted, and why, is read on the site."""
    data = {
        "id": entry.pk,
        "title": LABELS.get(entry.act, entry.act),
        "object": entry.subject_label,
        "object_type": entry.subject_type,
        "object_id": entry.subject_id,
        "objects": entry.many,
        "url": settings.SITE_URL + _page_of(entry),
    }
    return {"type": entry.act, "timestamp": entry.at.isoformat(), "data": data}


def trial_payload(endpoint: Endpoint, *, now: dt.datetime) -> dict[str, Any]:
    data = {
        "title": "Essai d'un webhook",
        "object": f"Ce message vérifie « {endpoint} » : il ne s'est rien passé.",
        "url": settings.SITE_URL + endpoint.get_absolute_url(),
    }
    return {"type": TEST, "timestamp": now.isoformat(), "data": data}


def _page_of(entry: Entry) -> str:
    page = PAGES.get(entry.subject_type)
    if page is None or entry.subject_id is None or entry.many:
        return reverse("home")
    return reverse(page, args=[entry.subject_id])
