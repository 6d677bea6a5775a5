"""The requests of pilot Clients to the ASP, for software."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from ninja import Router, Schema
from pydantic import Field, StringConstraints

from accounts.api import reader
from api.paging import Page
from api.resources import ActorRight, Resource
from api.types import CLEANED, Body, Day, OptionalKey, Text60, example
from journal.rules.by import By
from pilots.enums import AspRequestKind, AspRequestState
from pilots.permissions import can_edit
from pilots.pv.models import AspRequest
from pilots.pv.services import requests as services

router = Router(tags=["asp-requests"])

MUST_RECORD = "Seul le Fournisseur enregistre l'état de cette demande."
Note = Annotated[str, StringConstraints(max_length=500), CLEANED]


class AspStateIn(Body):
    """L'état que la demande a pris à l'ASP. Le même état corrige son jour, son numéro, sa note."""

    model_config = example({"state": "DEPOSEE", "on": "2026-10-12", "reference": "ASP-2026-0042"})

    state: AspRequestState
    on: Day = Field(description="Le jour où elle l'a pris ; pas dans le futur.")
    reference: Text60 = Field("", description="Le numéro à l'ASP.")
    note: Note = Field("", description="Ce que l'ASP demande, si elle demande quelque chose.")
    mistake: Note = Field(
        "", description="Le motif, si l'état enregistré était faux : tout état est alors possible."
    )


class AspRequestOut(Schema):
    id: int
    prestation: int = Field(validation_alias="prestation_id")
    kind: AspRequestKind
    state: AspRequestState
    on: dt.date | None = Field(description="Le jour de cet état.")
    deposited_on: dt.date | None
    validated_on: dt.date | None
    reference: str
    note: str


class AspRequestFilters(Page):
    prestation: OptionalKey = Field(None, description="Une prestation.")
    state: AspRequestState | None = Field(None, description="Un état.")


asp_requests = Resource(
    router,
    AspRequestOut,
    lambda request: AspRequest.objects.visible_to(reader(request)).select_related(
        "prestation__client"
    ),
)
asp_requests.lists(
    "/asp-requests",
    name="asp_request_list",
    summary="Lister les demandes à l'ASP",
    description="Le financement et l'avance des Clients pilotes.",
    filters=AspRequestFilters,
    answer="Une page de demandes.",
)
asp_requests.reads(
    "/asp-requests/{int:pk}",
    name="asp_request_read",
    summary="Lire une demande à l'ASP",
    answer="La demande.",
)


@asp_requests.act(
    "/asp-requests/{int:pk}/state",
    right=ActorRight(lambda user, row: can_edit(user, row.prestation), MUST_RECORD),
    summary="Enregistrer l'état d'une demande à l'ASP",
    description="L'enregistrement sur ce site ne vaut pas dépôt à l'ASP.",
    answer="La demande, à son nouvel état.",
)
def asp_request_record(row: AspRequest, by: By, payload: AspStateIn) -> AspRequest:
    values = payload.model_dump(exclude={"state"})
    return services.record(row, to=payload.state, by=by, **values)
