"""Clients, Fournisseurs and prestations."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Query, Router, Schema, Status
from pydantic import ConfigDict, Field, StringConstraints

from accounts.api import acting, reader
from accounts.enums import Kind
from accounts.models import Organisation
from accounts.permissions import can_add_client, can_prepare
from accounts.services.organisations import organisation_create
from api.conditional import require_match
from api.enums import Scope
from api.operations import operation
from api.paging import NEXT, Page, each, page_of
from api.types import (
    CLEANED,
    DayOrNone,
    Key,
    Name150,
    OptionalCode,
    OptionalKey,
    RowId,
    ShownInstant,
    Text60,
)
from calendar_app.models import Prestation, Supplier
from calendar_app.permissions import can_edit_prestation
from calendar_app.selectors.prestations import prestations_seen
from calendar_app.services import prestations as services
from journal.permissions import require

router = Router(tags=["prestations"])

Finess = Annotated[str, StringConstraints(pattern=r"^[0-9AB]{9}$")]
Siret = Annotated[str, StringConstraints(pattern=r"^([0-9]{14})?$")]
Search = Annotated[Annotated[str, StringConstraints(max_length=100), CLEANED] | None, Field()]
NO_CLIENT = "Aucun Client actif de ce numéro FINESS : enregistrez-le d'abord."
NO_SUPPLIER = "Cette fourniture n'est pas l'une des vôtres : `GET /suppliers` les liste."
MUST_OWN = "Seul le Fournisseur de cette prestation la modifie."
MUST_ADD = "Seule la clé d'un éditeur, d'un distributeur ou de l'ANS enregistre un Client."


class ClientIn(Schema):
    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {"name": "Centre hospitalier d'Exemple", "finess": "990000025", "city": "Exemple"}
            ]
        },
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


class Clients(Schema):
    items: list[ClientOut]
    next: str | None = NEXT


class ClientFilters(Page):
    finess: Annotated[Finess | None, Field(None, description="Le numéro exact.")] = None
    q: Search = Field(None, description="Des mots du nom, de la commune ou d'un numéro.")


class SupplierOut(Schema):
    """Une solution, et l'organisation qui la fournit."""

    id: int
    solution: int
    solution_name: str
    fournisseur: str
    is_editeur: bool
    declared_on: dt.date | None
    mandate_from: dt.date | None
    mandate_until: dt.date | None
    psc_from: dt.date | None
    psc_until: dt.date | None
    psc_by_mandate: bool


class Suppliers(Schema):
    items: list[SupplierOut]
    next: str | None = NEXT


class PrestationIn(Schema):
    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "supplier": 1,
                    "finess": "990000017",
                    "order_reference": "BC-2026-118",
                    "ordered_on": "2026-02-10",
                }
            ]
        },
    )

    supplier: Key = Field(description="Une de vos fournitures (`GET /suppliers`).")
    finess: Finess = Field(description="Le Client, par son numéro FINESS.")
    order_reference: Text60 = ""
    ordered_on: DayOrNone = Field(None, description="Le bon de commande ; pas dans le futur.")


class OrderIn(Schema):
    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"order_reference": "BC-2026-118", "ordered_on": "2026-02-10"}]
        },
    )

    order_reference: Text60
    ordered_on: DayOrNone = Field(description="Pas dans le futur.")


class PrestationOut(Schema):
    id: int
    dispositif: str
    client: str
    finess: str
    fournisseur: str
    supplier: int
    solution: str
    order_reference: str
    ordered_on: dt.date | None
    created_at: ShownInstant


class Prestations(Schema):
    items: list[PrestationOut]
    next: str | None = NEXT


class PrestationFilters(Page):
    dispositif: OptionalCode = Field(None, description="ris ou drimbox.")
    supplier: OptionalKey = Field(None, description="Une fourniture.")
    finess: Annotated[Finess | None, Field(None, description="Un Client.")] = None


def client_out(row: Organisation) -> ClientOut:
    return ClientOut(id=row.pk, name=row.name, finess=row.finess, siret=row.siret, city=row.city)


def supplier_out(row: Supplier) -> SupplierOut:
    return SupplierOut(
        id=row.pk,
        solution=row.solution_id,
        solution_name=str(row.solution),
        fournisseur=row.organisation.name,
        is_editeur=row.is_editeur,
        declared_on=row.declared_on,
        mandate_from=row.mandate_from,
        mandate_until=row.mandate_until,
        psc_from=row.psc_from,
        psc_until=row.psc_until,
        psc_by_mandate=row.psc_by_mandate,
    )


def prestation_out(row: Prestation) -> PrestationOut:
    """Loaded as `prestations_seen` does."""
    return PrestationOut(
        id=row.pk,
        dispositif=row.dispositif.slug,
        client=row.client.name,
        finess=row.client.finess,
        fournisseur=row.organisation.name,
        supplier=row.supplier_id,
        solution=str(row.supplier.solution),
        order_reference=row.order_reference,
        ordered_on=row.ordered_on,
        created_at=row.created_at,
    )


def _clients() -> Any:
    return Organisation.objects.clients().filter(is_active=True)


@operation(
    router,
    "GET",
    "/clients",
    name="client_list",
    scope=Scope.READ,
    summary="Chercher un Client",
    description="L'annuaire des Clients : leur identité publique, jamais qui les sert.",
    answers={200: (Clients, "Une page de Clients.")},
)
def client_list(request: HttpRequest, filters: Annotated[ClientFilters, Query()]) -> Any:
    found = _clients()
    if filters.finess:
        found = found.filter(finess=filters.finess)
    if filters.q:
        found = found.search(filters.q)
    return page_of(request, found, filters, each(client_out))


@operation(
    router,
    "POST",
    "/clients",
    name="client_create",
    scope=Scope.DEPOSITS,
    summary="Enregistrer un Client",
    description="Pour celui que l'annuaire ne connaît pas encore.",
    answers={201: (ClientOut, "Client enregistré.")},
)
def client_create(request: HttpRequest, payload: ClientIn) -> Status[ClientOut]:
    require(can_add_client(reader(request)), MUST_ADD)
    made = organisation_create(kind=Kind.CLIENT, by=acting(request), **payload.model_dump())
    return Status(201, client_out(made))


@operation(
    router,
    "GET",
    "/suppliers",
    name="supplier_list",
    scope=Scope.READ,
    summary="Lister les fournitures",
    description=(
        "Chaque Fournisseur de chaque solution que vous voyez, avec ses droits : déclaration, "
        "mandat, habilitation EDC PSC."
    ),
    answers={200: (Suppliers, "Une page de fournitures.")},
)
def supplier_list(request: HttpRequest, filters: Annotated[Page, Query()]) -> Any:
    found = Supplier.objects.visible_to(reader(request)).select_related(
        "organisation", "solution__organisation", "solution__dispositif"
    )
    return page_of(request, found, filters, each(supplier_out))


@operation(
    router,
    "GET",
    "/prestations",
    name="prestation_list",
    scope=Scope.READ,
    summary="Lister les prestations",
    description="Les vôtres et, pour un éditeur, celles de ses distributeurs sur ses solutions.",
    answers={200: (Prestations, "Une page de prestations.")},
)
def prestation_list(request: HttpRequest, filters: Annotated[PrestationFilters, Query()]) -> Any:
    found = prestations_seen(reader(request), dispositif=filters.dispositif or "")
    if filters.supplier:
        found = found.filter(supplier=filters.supplier)
    if filters.finess:
        found = found.filter(client__finess=filters.finess)
    return page_of(request, found, filters, each(prestation_out))


@operation(
    router,
    "POST",
    "/prestations",
    name="prestation_create",
    scope=Scope.DEPOSITS,
    summary="Enregistrer une prestation",
    description="Ses échéances sont ouvertes aussitôt.",
    answers={201: (PrestationOut, "Prestation enregistrée.")},
)
def prestation_create(request: HttpRequest, payload: PrestationIn) -> Status[PrestationOut]:
    user = reader(request)
    suppliers = Supplier.objects.visible_to(user).select_related(
        "organisation", "solution__organisation", "solution__dispositif"
    )
    supplier = suppliers.filter(pk=payload.supplier).first()
    wrong = {}
    if supplier is None or not can_prepare(user, supplier.organisation_id):
        wrong["supplier"] = NO_SUPPLIER
    client = _clients().filter(finess=payload.finess).first()
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
    return Status(201, prestation_out(made))


@operation(
    router,
    "GET",
    "/prestations/{int:pk}",
    name="prestation_read",
    scope=Scope.READ,
    summary="Lire une prestation",
    answers={200: (PrestationOut, "La prestation.")},
)
def prestation_read(request: HttpRequest, pk: RowId) -> PrestationOut:
    return prestation_out(get_object_or_404(prestations_seen(reader(request)), pk=pk))


@operation(
    router,
    "PATCH",
    "/prestations/{int:pk}",
    name="prestation_update",
    scope=Scope.DEPOSITS,
    summary="Modifier le bon de commande",
    description="Le Client, la solution et le Fournisseur d'une prestation ne changent pas.",
    answers={200: (PrestationOut, "La prestation modifiée.")},
)
def prestation_update(request: HttpRequest, pk: RowId, payload: OrderIn) -> PrestationOut:
    with transaction.atomic():
        rows = prestations_seen(reader(request)).select_for_update(of=("self",), no_key=True)
        row = get_object_or_404(rows, pk=pk)
        require(can_edit_prestation(reader(request), row), MUST_OWN)
        require_match(request, prestation_out(row))
        services.prestation_update(prestation=row, by=acting(request), **payload.model_dump())
        return prestation_out(get_object_or_404(prestations_seen(reader(request)), pk=pk))
