"""Support tickets and their two guarantees."""

from __future__ import annotations

from typing import Annotated, Any

from django.db import transaction
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Query, Router, Schema, Status
from ninja.errors import HttpError
from pydantic import ConfigDict, Field, JsonValue, StringConstraints

from accounts.api import acting, reader
from api.conditional import require_match
from api.enums import Scope
from api.operations import operation
from api.paging import NEXT, Page, each, page_of
from api.types import (
    CLEANED,
    FOLDED,
    Code,
    Instant,
    InstantOrNone,
    OptionalCode,
    RowId,
    ShownInstant,
)
from journal.permissions import require
from perf.api.outages import NO_SERVICE, NOT_YOURS
from perf.models import Service, Ticket
from perf.permissions import can_record
from perf.services import tickets as services

router = Router(tags=["tickets"])

Reference = Annotated[str, StringConstraints(min_length=1, max_length=80), FOLDED]
Subject = Annotated[str, StringConstraints(min_length=1, max_length=200), CLEANED]
EXAMPLE: dict[str, JsonValue] = {
    "reference": "TCK-2026-118",
    "subject": "Aucune image depuis 9h",
    "opened_at": "2026-11-02T09:00:00+01:00",
    "responded_at": "2026-11-02T09:20:00+01:00",
    "restored_at": None,
}


class TicketIn(Schema):
    """Un ticket, dit en entier. Aucun instant n'est dans le futur."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [EXAMPLE]})

    reference: Reference
    subject: Subject
    opened_at: Instant = Field(description="La déclaration.")
    responded_at: InstantOrNone = Field(None, description="La prise en charge, qui arrête la GTI.")
    restored_at: InstantOrNone = Field(None, description="Le rétablissement, qui arrête la GTR.")


class NewTicketIn(TicketIn):
    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"service": "drimbox-chu-exemple", **EXAMPLE}]},
    )

    service: Code = Field(description="Code du service, celui que donne `GET /services`.")


class RespondIn(Schema):
    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"responded_at": "2026-11-02T09:20:00+01:00"}]},
    )

    responded_at: Instant = Field(description="Pas dans le futur.")


class RestoreIn(Schema):
    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "restored_at": "2026-11-02T10:40:00+01:00",
                    "responded_at": "2026-11-02T09:20:00+01:00",
                }
            ]
        },
    )

    restored_at: Instant = Field(description="Pas dans le futur.")
    responded_at: InstantOrNone = Field(
        None, description="La prise en charge, si elle n'est pas encore enregistrée."
    )


class TicketOut(Schema):
    id: int
    service: str
    reference: str
    subject: str
    opened_at: ShownInstant
    responded_at: ShownInstant | None
    restored_at: ShownInstant | None
    gti_due_at: ShownInstant
    gtr_due_at: ShownInstant


class Tickets(Schema):
    items: list[TicketOut]
    next: str | None = NEXT


class TicketFilters(Page):
    service: OptionalCode = Field(None, description="Le code d'un service.")
    open: bool = Field(default=False, description="Ceux qui ne sont pas rétablis seulement.")


def ticket_out(row: Ticket) -> TicketOut:
    """Needs `service` loaded."""
    names = ("reference", "subject", "opened_at", "responded_at", "restored_at")
    values = {name: getattr(row, name) for name in (*names, "gti_due_at", "gtr_due_at")}
    return TicketOut(id=row.pk, service=row.service.code, **values)


def _rows(request: HttpRequest) -> Any:
    seen = Ticket.objects.visible_to(reader(request))
    return seen.select_related("service__prestation")


def _recordable(request: HttpRequest, pk: int) -> Ticket:
    row: Ticket = get_object_or_404(_rows(request), pk=pk)
    require(can_record(reader(request), row.service.prestation), NOT_YOURS)
    return row


@operation(
    router,
    "GET",
    "/tickets",
    name="ticket_list",
    scope=Scope.READ,
    summary="Lister les tickets",
    description="Avec les échéances de GTI et de GTR.",
    answers={200: (Tickets, "Une page de tickets.")},
)
def ticket_list(request: HttpRequest, filters: Annotated[TicketFilters, Query()]) -> Any:
    found = _rows(request)
    if filters.service:
        found = found.filter(service__code=filters.service)
    if filters.open:
        found = found.filter(restored_at=None)
    return page_of(request, found, filters, each(ticket_out))


@operation(
    router,
    "POST",
    "/tickets",
    name="ticket_open",
    scope=Scope.PERF,
    summary="Déclarer un ticket",
    description="Ses échéances de GTI et de GTR sont calculées aussitôt.",
    answers={201: (TicketOut, "Ticket enregistré.")},
    refusals={404: "Aucun service de ce code parmi les vôtres."},
)
def ticket_open(request: HttpRequest, payload: NewTicketIn) -> Status[TicketOut]:
    user, values = reader(request), payload.model_dump()
    seen = Service.objects.visible_to(user).select_related("prestation__client")
    service = seen.filter(code=values.pop("service")).first()
    if service is None:
        raise HttpError(404, NO_SERVICE)
    require(can_record(user, service.prestation), NOT_YOURS)
    made = services.open_ticket(service=service, by=acting(request), **values)
    return Status(201, ticket_out(made))


@operation(
    router,
    "GET",
    "/tickets/{int:pk}",
    name="ticket_read",
    scope=Scope.READ,
    summary="Lire un ticket",
    answers={200: (TicketOut, "Le ticket.")},
)
def ticket_read(request: HttpRequest, pk: RowId) -> TicketOut:
    return ticket_out(get_object_or_404(_rows(request), pk=pk))


@operation(
    router,
    "PATCH",
    "/tickets/{int:pk}",
    name="ticket_correct",
    scope=Scope.PERF,
    summary="Corriger un ticket",
    description="Tous les champs sont dits ; le journal garde les anciennes valeurs.",
    answers={200: (TicketOut, "Le ticket corrigé.")},
)
def ticket_correct(request: HttpRequest, pk: RowId, payload: TicketIn) -> TicketOut:
    with transaction.atomic():
        rows = _rows(request).select_for_update(of=("self",), no_key=True)
        row = get_object_or_404(rows, pk=pk)
        require(can_record(reader(request), row.service.prestation), NOT_YOURS)
        require_match(request, ticket_out(row))
        changed = services.correct(ticket=row, by=acting(request), **payload.model_dump())
        return ticket_out(changed)


@operation(
    router,
    "POST",
    "/tickets/{int:pk}/respond",
    name="ticket_respond",
    scope=Scope.PERF,
    summary="Enregistrer la prise en charge",
    answers={200: (TicketOut, "Le ticket, pris en charge.")},
)
def ticket_respond(request: HttpRequest, pk: RowId, payload: RespondIn) -> TicketOut:
    row = _recordable(request, pk)
    return ticket_out(services.respond(ticket=row, by=acting(request), **payload.model_dump()))


@operation(
    router,
    "POST",
    "/tickets/{int:pk}/restore",
    name="ticket_restore",
    scope=Scope.PERF,
    summary="Enregistrer le rétablissement",
    answers={200: (TicketOut, "Le ticket, clos.")},
)
def ticket_restore(request: HttpRequest, pk: RowId, payload: RestoreIn) -> TicketOut:
    row = _recordable(request, pk)
    return ticket_out(services.restore(ticket=row, by=acting(request), **payload.model_dump()))
