"""What a search finds among supervised services, outages, tickets and statements."""

from __future__ import annotations

import re
from collections.abc import Iterator

from django.db.models import Q
from django.urls import reverse

from perf.models import Outage, OutageVersion, Service, Statement, Ticket
from segur.lib import paris
from segur.requests import is_key
from segur.searching import Asked, Found, Hit, by_reference, found, is_reference, referenced

NUMBERED = re.compile(r"(?:panne|maintenance)?\s*n\s*[°o]\s*(\d+)|(?:panne|maintenance)\s+(\d+)")
PRESTATION = ("prestation__client", "prestation__supplier__solution")


def search_services(asked: Asked) -> Iterator[Found]:
    if (keys := referenced(Service, by_reference(asked, "code", "probe_id"))) is not None:
        yield from found(
            "Services supervisés",
            Service.objects.visible_to(asked.user).filter(pk__in=keys),
            lambda row: Hit(
                row.code,
                reverse("perf:service", args=[row.prestation_id]),
                str(row.prestation),
                is_reference(asked, row.code),
            ),
            related=PRESTATION,
        )


def search_outages(asked: Asked) -> Iterator[Found]:
    """By their number on the site («panne n° 5») or by a reference that a source gave."""
    versions = referenced(OutageVersion, by_reference(asked, "reference"))
    asks = Q() if versions is None else Q(versions__in=versions)
    if number := _number(asked):
        asks |= Q(pk=number)
    if asks:
        yield from found(
            "Pannes et maintenances",
            Outage.objects.visible_to(asked.user).filter(asks).distinct().order_by("-pk"),
            _outage,
            related=[f"service__{path}" for path in PRESTATION],
        )


def search_tickets(asked: Asked) -> Iterator[Found]:
    if (keys := referenced(Ticket, by_reference(asked, "reference"))) is not None:
        yield from found(
            "Tickets",
            Ticket.objects.visible_to(asked.user).filter(pk__in=keys),
            _ticket,
            related=[f"service__{path}" for path in PRESTATION],
        )


def search_statements(asked: Asked) -> Iterator[Found]:
    asks = by_reference(asked, "number")
    if asked.digest:
        asks |= Q(sha256=asked.digest)
    if (keys := referenced(Statement, asks)) is not None:
        yield from found(
            "Relevés PERF",
            Statement.objects.visible_to(asked.user).filter(pk__in=keys),
            lambda row: Hit(
                row.number,
                reverse("perf:statement", args=[row.pk]),
                str(row.prestation),
                is_exact=True,
            ),
            related=PRESTATION,
        )


def _number(asked: Asked) -> int | None:
    """The number of an outage, where it is written as one: a number alone may be anything."""
    match = NUMBERED.fullmatch(asked.reference.lower())
    number = (match[1] or match[2]) if match else ""
    return int(number) if number and is_key(number) else None


def _outage(row: Outage) -> Hit:
    about = f"{row.service.prestation} · {paris.short(row.started_at)}"
    return Hit(row.title, reverse("perf:outage", args=[row.pk]), about, is_exact=True)


def _ticket(row: Ticket) -> Hit:
    url = reverse("perf:ticket", args=[row.pk])
    return Hit(f"Ticket {row.reference}", url, str(row.service.prestation), is_exact=True)
