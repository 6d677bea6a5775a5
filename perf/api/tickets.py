"""Support tickets and their two guarantees."""

from __future__ import annotations

from typing import Annotated

from django.db.models import Q
from django.http import HttpRequest
from ninja import FilterLookup, Router, Schema, Status
from ninja.errors import HttpError
from pydantic import Field, JsonValue, StringConstraints

from accounts.api import reader
from api.enums import Scope
from api.operations import operation
from api.paging import Page
from api.resources import ActorRight, Resource, acting
from api.types import (
    CLEANED,
    FOLDED,
    Body,
    Code,
    Instant,
    InstantOrNone,
    OptionalCode,
    ShownInstant,
    example,
)
from journal.permissions import require
from journal.rules.by import By
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


class TicketIn(Body):
    """Un ticket, dit en entier. Aucun instant n'est dans le futur."""

    model_config = example(EXAMPLE)

    reference: Reference
    subject: Subject
    opened_at: Instant = Field(description="La déclaration.")
    responded_at: InstantOrNone = Field(None, description="La prise en charge, qui arrête la GTI.")
    restored_at: InstantOrNone = Field(None, description="Le rétablissement, qui arrête la GTR.")


class NewTicketIn(TicketIn):
    model_config = example({"service": "drimbox-chu-exemple", **EXAMPLE})

    service: Code = Field(description="Code du service, celui que donne `GET /services`.")


class RespondIn(Body):
    model_config = example({"responded_at": "2026-11-02T09:20:00+01:00"})

    responded_at: Instant = Field(description="Pas dans le futur.")


class RestoreIn(Body):
    model_config = example(
        {
            "restored_at": "2026-11-02T10:40:00+01:00",
            "responded_at": "2026-11-02T09:20:00+01:00",
        }
    )

    restored_at: Instant = Field(description="Pas dans le futur.")
    responded_at: InstantOrNone = Field(
        None, description="La prise en charge, si elle n'est pas encore enregistrée."
    )


class TicketOut(Schema):
    id: int
    service: str = Field(validation_alias="service.code")
    reference: str
    subject: str
    opened_at: ShownInstant
    responded_at: ShownInstant | None
    restored_at: ShownInstant | None
    gti_due_at: ShownInstant
    gtr_due_at: ShownInstant


class TicketFilters(Page):
    service: Annotated[OptionalCode, FilterLookup("service__code")] = Field(
        None, description="Le code d'un service."
    )
    open: bool = Field(default=False, description="Ceux qui ne sont pas rétablis seulement.")

    def filter_open(self, value: bool) -> Q:
        return Q(restored_at=None) if value else Q()


tickets = Resource(
    router,
    TicketOut,
    lambda request: Ticket.objects.visible_to(reader(request)).select_related(
        "service__prestation"
    ),
    scope=Scope.PERF,
)
tickets.lists(
    "/tickets",
    name="ticket_list",
    summary="Lister les tickets",
    description="Avec les échéances de GTI et de GTR.",
    filters=TicketFilters,
    answer="Une page de tickets.",
)
tickets.reads(
    "/tickets/{int:pk}", name="ticket_read", summary="Lire un ticket", answer="Le ticket."
)


RECORDS = ActorRight(lambda user, ticket: can_record(user, ticket.service.prestation), NOT_YOURS)


@operation(
    router,
    "POST",
    "/tickets",
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
    return Status(201, tickets.out(request, made))


@tickets.act(
    "/tickets/{int:pk}",
    method="PATCH",
    right=RECORDS,
    summary="Corriger un ticket",
    description="Tous les champs sont envoyés ; le journal garde les anciennes valeurs.",
    answer="Le ticket corrigé.",
)
def ticket_correct(ticket: Ticket, by: By, payload: TicketIn) -> Ticket:
    return services.correct(ticket=ticket, by=by, **payload.model_dump())


@tickets.act(
    "/tickets/{int:pk}/respond",
    right=RECORDS,
    summary="Enregistrer la prise en charge",
    answer="Le ticket, pris en charge.",
)
def ticket_respond(ticket: Ticket, by: By, payload: RespondIn) -> Ticket:
    return services.respond(ticket=ticket, by=by, **payload.model_dump())


@tickets.act(
    "/tickets/{int:pk}/restore",
    right=RECORDS,
    summary="Enregistrer le rétablissement",
    answer="Le ticket, clos.",
)
def ticket_restore(ticket: Ticket, by: By, payload: RestoreIn) -> Ticket:
    return services.restore(ticket=ticket, by=by, **payload.model_dump())
