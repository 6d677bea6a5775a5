"""What Better Stack's webhook says, put in order: one outage an incident, however it is delivered.

Every delivery is a picture of the incident when it was sent. The outage is computed from all those
that were kept, so neither their order nor their number changes it:

1. it starts at the earliest start reported;
2. it ends at the latest end reported, unless the incident was reopened as often as it was resolved:
   a late «started», which knows of no end, reopens nothing;
3. what a person has corrected stays (`corrections`);
4. who made the key that delivered it answers for it, as for what they record themselves;
5. the service's row is locked before the deliveries are read: of two at the same second, the one
   that commits last has read the other.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q

from accounts.models import ApiToken
from journal.enums import Origin
from journal.rules.by import By
from perf.enums import Source
from perf.models import ProbeEvent, Service
from perf.rules.workflow import REPORT
from perf.selectors import corrections
from perf.services.deliveries import REOPENED, ProbeDelivery, kept, key_of, understood
from perf.services.entries import write_version
from perf.services.outages import Recorded, lock, record
from perf.services.references import version_of

WHO = "Supervision de l'ANS (Better Stack)"
WAITING = "En attente : aucun service n'a cette sonde."
NO_PROBE = "Incident sans sonde : rien à rattacher."
REFUSED = "Refusé : "
REPORTED_SINCE = "La supervision donne une autre valeur : {}"

CLOCK_SKEW = dt.timedelta(minutes=5)
"""An instant so little ahead of us is now: two clocks never quite agree."""


@transaction.atomic
def receive(
    *, payload: dict[str, Any], now: dt.datetime, key: ApiToken | None = None
) -> ProbeEvent:
    """Keep a delivery, and bring the outage of its incident up to date.

    Delivered again, it is kept once and does nothing; one that was refused is tried again.
    Raises ValidationError, and keeps nothing, when it cannot be understood.
    """
    delivery = understood(payload)
    service = _service(delivery)
    if service:
        lock(service)
    stored = kept(payload, delivery)
    event, is_new = ProbeEvent.objects.get_or_create(
        key=key_of(stored),
        defaults={
            "incident": delivery.incident,
            "probe_id": delivery.probe_id,
            "kind": delivery.kind,
            "payload": stored,
            "received_key": key,
            "outcome": WAITING if delivery.probe_id else NO_PROBE,
            "received_at": now,
        },
    )
    if service and (is_new or _is_pending(event)):
        _apply(service, delivery.probe_id, delivery.incident, now)
        event.refresh_from_db()
    return event


def _is_pending(event: ProbeEvent) -> bool:
    return event.service_id is None or event.outcome.startswith(REFUSED)


def _service(delivery: ProbeDelivery) -> Service | None:
    """The one that had the probe when the incident was first reported, else the one that has it."""
    if not delivery.probe_id:
        return None
    reported = Q(probe_events__incident=delivery.incident, probe_events__probe_id=delivery.probe_id)
    earlier = Service.objects.filter(reported).first()
    return earlier or Service.objects.filter(probe_id=delivery.probe_id).first()


@transaction.atomic
def apply_waiting(service: Service, now: dt.datetime) -> int:
    """The incidents that its probe reported before any service had it; how many there were."""
    if not service.probe_id:
        return 0
    lock(service)
    waiting = ProbeEvent.objects.filter(probe_id=service.probe_id, service=None)
    incidents = set(waiting.values_list("incident", flat=True))
    for incident in sorted(incidents):
        _apply(service, service.probe_id, incident, now)
    return len(incidents)


def _apply(service: Service, probe_id: str, incident: str, now: dt.datetime) -> None:
    reports = ProbeEvent.objects.filter(incident=incident, probe_id=probe_id)
    events = list(reports.select_related("received_key__organisation", "received_key__held_by"))
    deliveries = [understood(event.payload) for event in events]
    key = next((event.received_key for event in events if event.received_key), None)
    by = By(now, WHO, origin=Origin.WEBHOOK, key=key)
    started_at, ended_at = _bounds(deliveries)
    says = {
        "started_at": _past(started_at, now),
        "ended_at": _past(ended_at, now) if ended_at else None,
        "cause": _cause(deliveries),
    }
    try:
        with transaction.atomic():
            outcome = _say(service, incident, says, by)
    except ValidationError as refusal:
        outcome = REFUSED + " ".join(refusal.messages)
    pending = reports.filter(Q(service=None) | Q(outcome__startswith=REFUSED))
    pending.update(service=service, outcome=outcome[:300])


def _say(service: Service, incident: str, says: dict[str, Any], by: By) -> str:
    """The version takes what the supervision says, but for what a person corrected; the outcome."""
    version = version_of(service, Source.ANS, incident)
    earlier = corrections.last_reported(version) if version else {}
    held = corrections.held(version, says, earlier) if version else {}
    recorded = record(
        service=service,
        source=Source.ANS,
        reference=incident,
        **(says | held),
        by=by,
    )
    news = corrections.news(held, says, earlier)
    if not news:
        return _outcome(recorded)
    outage, what = recorded.version.outage, REPORTED_SINCE.format(recorded.version)
    write_version(recorded.version, REPORT, by=by, what=what, after=news)
    return f"{outage.name.capitalize()} : corrigée à la main, elle garde ses valeurs."


def _bounds(deliveries: Sequence[ProbeDelivery]) -> tuple[dt.datetime, dt.datetime | None]:
    """Start and end of the incident. Each end is one resolution; its last is the latest."""
    ends = {delivery.resolved_at for delivery in deliveries if delivery.resolved_at}
    reopenings = sum(delivery.kind == REOPENED for delivery in deliveries)
    is_over = len(ends) > reopenings
    return min(delivery.started_at for delivery in deliveries), max(ends) if is_over else None


def _cause(deliveries: Sequence[ProbeDelivery]) -> str:
    """The one reported last in the life of the incident."""
    caused = [delivery for delivery in deliveries if delivery.cause]
    last = max(caused, key=lambda one: (bool(one.resolved_at), one.kind, one.cause), default=None)
    return last.cause if last else ""


def _past(instant: dt.datetime, now: dt.datetime) -> dt.datetime:
    return now if now < instant <= now + CLOCK_SKEW else instant


def _outcome(recorded: Recorded) -> str:
    outage = recorded.version.outage.name.capitalize()
    if recorded.created:
        return f"{outage} enregistrée."
    if not recorded.changed:
        return f"{outage} : rien de nouveau."
    is_over = recorded.version.ended_at is not None
    return f"{outage} {'close' if is_over else 'mise à jour'}."
