"""Clients, Fournisseurs and prestations."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import HttpRequest
from ninja import FilterLookup, Router, Schema, Status
from pydantic import Field, StringConstraints

from accounts.api import reader
from accounts.enums import Kind
from accounts.models import Organisation
from accounts.permissions import can_add_client, can_prepare
from accounts.services.organisations import organisation_create
from api.enums import Scope
from api.operations import operation
from api.paging import Page
from api.resources import ActorRight, Resource, acting
from api.types import (
    CLEANED,
    Body,
    DayOrNone,
    Key,
    Name150,
    OptionalCode,
    OptionalKey,
    ShownInstant,
    Text60,
    example,
)
from calendar_app.models import Prestation, Supplier
from calendar_app.permissions import can_edit_prestation
from calendar_app.selectors.prestations import prestations_seen
from calendar_app.services import prestations as services
from journal.permissions import require
from journal.rules.by import By

router = Router(tags=["prestations"])

Finess = Annotated[str, StringConstraints(pattern=r"^[0-9AB]{9}$")]
Siret = Annotated[str, StringConstraints(pattern=r"^([0-9]{14})?$")]
Search = Annotated[Annotated[str, StringConstraints(max_length=100), CLEANED] | None, Field()]
NO_CLIENT = "Aucun Client actif de ce numéro FINESS : enregistrez-le d'abord."
NO_SUPPLIER = "Cette fourniture n'est pas l'une des vôtres : `GET /suppliers` les liste."
MUST_OWN = "Seul le Fournisseur de cette prestation la modifie."
MUST_ADD = "Seule la clé d'un éditeur, d'un distributeur ou de l'ANS enregistre un Client."


class ClientIn(Body):
    model_config = example(
        {"name": "Centre hospitalier d'Exemple", "finess": "990000025", "city": "Exemple"}
    )

    name: Name150
    finess: Finess = Field(description="Neuf caractères.")
    siret: Siret = ""
    city: Annotated[str, StringConstraints(max_length=100), CLEANED] = ""


class ClientOut(Schema):
    id: int
    name: str
    finess: str
    siret: str
    city: str


class ClientFilters(Page):
    finess: Annotated[Finess | None, Field(None, description="Le numéro exact.")] = None
    q: Search = Field(None, description="Des mots du nom, de la commune ou d'un numéro.")

    def filter_q(self, value: str | None) -> Q:
        return Q(pk__in=Organisation.objects.search(value)) if value else Q()


class PrestationIn(Body):
    model_config = example(
        {
            "supplier": 1,
            "finess": "990000017",
            "order_reference": "BC-2026-118",
            "ordered_on": "2026-02-10",
        }
    )

    supplier: Key = Field(description="Une de vos fournitures (`GET /suppliers`).")
    finess: Finess = Field(description="Le Client, par son numéro FINESS.")
    order_reference: Text60 = ""
    ordered_on: DayOrNone = Field(None, description="Le bon de commande ; pas dans le futur.")


class OrderIn(Body):
    model_config = example({"order_reference": "BC-2026-118", "ordered_on": "2026-02-10"})

    order_reference: Text60
    ordered_on: DayOrNone = Field(description="Pas dans le futur.")


class PrestationOut(Schema):
    id: int
    dispositif: str = Field(validation_alias="dispositif.slug")
    client: str = Field(validation_alias="client.name")
    finess: str = Field(validation_alias="client.finess")
    fournisseur: str = Field(validation_alias="organisation.name")
    supplier: int = Field(validation_alias="supplier_id")
    solution: str
    order_reference: str
    ordered_on: dt.date | None
    created_at: ShownInstant

    @staticmethod
    def resolve_solution(row: Prestation) -> str:
        return str(row.supplier.solution)


class PrestationFilters(Page):
    dispositif: Annotated[OptionalCode, FilterLookup("dispositif__slug")] = Field(
        None, description="ris ou drimbox."
    )
    supplier: OptionalKey = Field(None, description="Une fourniture.")
    finess: Annotated[Finess | None, FilterLookup("client__finess")] = Field(
        None, description="Un Client."
    )


clients = Resource(
    router, ClientOut, lambda _request: Organisation.objects.clients().filter(is_active=True)
)
clients.lists(
    "/clients",
    name="client_list",
    summary="Chercher un Client",
    description="L'annuaire des Clients : leur identité publique, jamais qui les sert.",
    filters=ClientFilters,
    answer="Une page de Clients.",
)
prestations = Resource(router, PrestationOut, lambda request: prestations_seen(reader(request)))
prestations.lists(
    "/prestations",
    name="prestation_list",
    summary="Lister les prestations",
    description="Les vôtres et, pour un éditeur, celles de ses distributeurs sur ses solutions.",
    filters=PrestationFilters,
    answer="Une page de prestations.",
)
prestations.reads(
    "/prestations/{int:pk}",
    name="prestation_read",
    summary="Lire une prestation",
    answer="La prestation.",
)


@operation(
    router,
    "POST",
    "/clients",
    scope=Scope.DEPOSITS,
    summary="Enregistrer un Client",
    description="Pour celui que l'annuaire ne connaît pas encore.",
    answers={201: (ClientOut, "Client enregistré.")},
)
def client_create(request: HttpRequest, payload: ClientIn) -> Status[ClientOut]:
    require(can_add_client(reader(request)), MUST_ADD)
    made = organisation_create(kind=Kind.CLIENT, by=acting(request), **payload.model_dump())
    return Status(201, clients.out(request, made))


@operation(
    router,
    "POST",
    "/prestations",
    scope=Scope.DEPOSITS,
    summary="Enregistrer une prestation",
    description="Ses échéances sont ouvertes aussitôt.",
    answers={201: (PrestationOut, "Prestation enregistrée.")},
)
def prestation_create(request: HttpRequest, payload: PrestationIn) -> Status[PrestationOut]:
    user = reader(request)
    seen = Supplier.objects.visible_to(user).select_related("organisation", "solution")
    supplier = seen.filter(pk=payload.supplier).first()
    wrong = {}
    if supplier is None or not can_prepare(user, supplier.organisation_id):
        wrong["supplier"] = NO_SUPPLIER
    client = clients.rows(request).filter(finess=payload.finess).first()
    if client is None:
        wrong["finess"] = NO_CLIENT
    if wrong or supplier is None or client is None:
        raise ValidationError(wrong)
    made = services.prestation_create(
        supplier=supplier,
        client=client,
        order_reference=payload.order_reference,
        ordered_on=payload.ordered_on,
        by=acting(request),
    )
    return Status(201, prestations.out(request, made))


@prestations.act(
    "/prestations/{int:pk}",
    method="PATCH",
    right=ActorRight(can_edit_prestation, MUST_OWN),
    summary="Modifier le bon de commande",
    description="Le Client, la solution et le Fournisseur d'une prestation ne changent pas.",
    answer="La prestation modifiée.",
)
def prestation_update(prestation: Prestation, by: By, payload: OrderIn) -> Prestation:
    return services.prestation_update(prestation=prestation, by=by, **payload.model_dump())
