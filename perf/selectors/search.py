"""What a search finds among supervised services, outages, tickets and statements."""

from __future__ import annotations

import re
from collections.abc import Iterator

from django.db.models import Q
from django.urls import reverse

from perf.models import Outage, Service, Statement, Ticket
from segur.lib import paris
from segur.requests import is_key
from segur.searching import Asked, Found, Hit, by_reference, found, is_reference

NUMBERED = re.compile(r"(?:panne|maintenance)?\s*n\s*[°o]\s*(\d+)|(?:panne|maintenance)\s+(\d+)")
PRESTATION = ("prestation__client", "prestation__supplier__solution")


def search_services(asked: Asked) -> Iterator[Found]:
    seen = Service.objects.visible_to(asked.user).select_related(*PRESTATION)
    rows = seen.filter(by_reference(asked, "code", "probe_id"))
    yield from found(
        "Services supervisés",
        rows,
        lambda row: Hit(
            row.code,
            reverse("perf:service", args=[row.prestation_id]),
            str(row.prestation),
            is_reference(asked, row.code),
        ),
    )


def search_outages(asked: Asked) -> Iterator[Found]:
    """By their number on the site («panne n° 5») or by a reference that a source gave."""
    asks = by_reference(asked, "versions__reference")
    if number := _number(asked):
        asks |= Q(pk=number)
    seen = Outage.objects.visible_to(asked.user).filter(asks).distinct()
    rows = seen.select_related(*(f"service__{path}" for path in PRESTATION)).order_by("-pk")
    yield from found("Pannes et maintenances", rows, _outage)


def search_tickets(asked: Asked) -> Iterator[Found]:
    seen = Ticket.objects.visible_to(asked.user).filter(by_reference(asked, "reference"))
    rows = seen.select_related(*(f"service__{path}" for path in PRESTATION))
    yield from found("Tickets", rows, _ticket)


def search_statements(asked: Asked) -> Iterator[Found]:
    asks = by_reference(asked, "number")
    if asked.digest:
        asks |= Q(sha256=asked.digest)
    seen = Statement.objects.visible_to(asked.user).filter(asks).defer("document")
    yield from found(
        "Relevés PERF",
        seen.select_related("prestation__client", "prestation__supplier__solution"),
        lambda row: Hit(
            row.number,
            reverse("perf:statement", args=[row.pk]),
            str(row.prestation),
            is_exact=True,
        ),
    )


def _number(asked: Asked) -> int | None:
    """The number of an outage, said to be one: a number alone may be anything."""
    said = NUMBERED.fullmatch(asked.reference.lower())
    number = (said[1] or said[2]) if said else ""
    return int(number) if number and is_key(number) else None


def _outage(row: Outage) -> Hit:
    about = f"{row.service.prestation} · {paris.short(row.started_at)}"
    return Hit(row.title, reverse("perf:outage", args=[row.pk]), about, is_exact=True)


def _ticket(row: Ticket) -> Hit:
    url = reverse("perf:ticket", args=[row.pk])
    return Hit(f"Ticket {row.reference}", url, str(row.service.prestation), is_exact=True)
