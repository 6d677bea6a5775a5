"""Solutions and their Fournisseurs."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Query, Router, Schema, Status
from pydantic import ConfigDict, Field

from accounts.api import acting, caller, reader
from accounts.enums import Kind
from accounts.permissions import can_prepare
from api.conditional import require_match
from api.enums import Scope
from api.operations import operation
from api.paging import NEXT, Page, each, page_of
from api.types import (
    Code,
    DayOrNone,
    Name150,
    OptionalCode,
    RowId,
    ShownInstant,
    Text50,
    Text60,
    Text150,
)
from calendar_app.enums import Market
from calendar_app.models import Dispositif, Solution
from calendar_app.permissions import can_edit_solution, can_reference
from calendar_app.services import solutions as services
from journal.permissions import require

router = Router(tags=["solutions"])

MUST_BE_EDITEUR = "Seule la clé d'un éditeur enregistre une solution."
MUST_OWN = "Seul l'éditeur de cette solution la modifie."
MUST_REFERENCE = "Le référencement est enregistré par l'ANS ou par l'éditeur de la solution."
NO_DISPOSITIF = "Ce dispositif n'existe pas : ris ou drimbox."


class SolutionIn(Schema):
    """L'identité d'une solution et sa mise sur le marché."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "name": "ImaRIS",
                    "version": "4.2",
                    "proxy_name": "",
                    "proxy_version": "",
                    "market": "CONCURRENTIEL",
                }
            ]
        },
    )

    name: Name150
    version: Text50 = ""
    proxy_name: Text150 = Field("", description="Pour une DRIMbox : le couple est référencé.")
    proxy_version: Text50 = ""
    market: Market = Field(Market.UNKNOWN, description="Comment elle est proposée.")


class NewSolutionIn(SolutionIn):
    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"dispositif": "ris", "name": "ImaRIS", "market": "CONCURRENTIEL"}]
        },
    )

    dispositif: Code = Field(description="ris ou drimbox.")


class ReferencingIn(Schema):
    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"referenced_on": "2026-03-02", "reference_number": "V2-0042"}]
        },
    )

    referenced_on: DayOrNone = Field(description="Le jour du prononcé, pas dans le futur.")
    reference_number: Text60 = ""


class SolutionOut(Schema):
    id: int
    dispositif: str
    editeur: str
    name: str
    version: str
    proxy_name: str
    proxy_version: str
    market: Market
    referenced_on: dt.date | None
    reference_number: str
    created_at: ShownInstant


class Solutions(Schema):
    items: list[SolutionOut]
    next: str | None = NEXT


class SolutionFilters(Page):
    dispositif: OptionalCode = Field(None, description="ris ou drimbox.")


def solution_out(row: Solution) -> SolutionOut:
    """Needs `organisation` and `dispositif` loaded."""
    return SolutionOut(
        id=row.pk,
        dispositif=row.dispositif.slug,
        editeur=row.organisation.name,
        name=row.name,
        version=row.version,
        proxy_name=row.proxy_name,
        proxy_version=row.proxy_version,
        market=Market(row.market),
        referenced_on=row.referenced_on,
        reference_number=row.reference_number,
        created_at=row.created_at,
    )


def _rows(request: HttpRequest) -> Any:
    seen = Solution.objects.visible_to(reader(request))
    return seen.select_related("organisation", "dispositif")


def _locked(request: HttpRequest, pk: int) -> Solution:
    """In a transaction: as it is now, kept from other writers."""
    rows = _rows(request).select_for_update(of=("self",), no_key=True)
    found: Solution = get_object_or_404(rows, pk=pk)
    return found


@operation(
    router,
    "GET",
    "/solutions",
    name="solution_list",
    scope=Scope.READ,
    summary="Lister les solutions",
    description="Celles que votre organisation édite ou fournit, la dernière enregistrée d'abord.",
    answers={200: (Solutions, "Une page de solutions.")},
)
def solution_list(request: HttpRequest, filters: Annotated[SolutionFilters, Query()]) -> Any:
    found = _rows(request)
    if filters.dispositif:
        found = found.filter(dispositif__slug=filters.dispositif)
    return page_of(request, found, filters, each(solution_out))


@operation(
    router,
    "POST",
    "/solutions",
    name="solution_create",
    scope=Scope.DEPOSITS,
    summary="Enregistrer une solution",
    description="Ses échéances sont ouvertes aussitôt. L'éditeur en est Fournisseur.",
    answers={201: (SolutionOut, "Solution enregistrée.")},
)
def solution_create(request: HttpRequest, payload: NewSolutionIn) -> Status[SolutionOut]:
    organisation = caller(request).organisation
    is_editeur = organisation.kind == Kind.EDITEUR
    require(is_editeur and can_prepare(reader(request), organisation.pk), MUST_BE_EDITEUR)
    values = payload.model_dump()
    dispositif = Dispositif.objects.filter(slug=values.pop("dispositif")).first()
    if dispositif is None:
        raise ValidationError({"dispositif": NO_DISPOSITIF})
    made = services.solution_create(
        organisation=organisation, dispositif=dispositif, by=acting(request), **values
    )
    return Status(201, solution_out(made))


@operation(
    router,
    "GET",
    "/solutions/{int:pk}",
    name="solution_read",
    scope=Scope.READ,
    summary="Lire une solution",
    answers={200: (SolutionOut, "La solution.")},
)
def solution_read(request: HttpRequest, pk: RowId) -> SolutionOut:
    return solution_out(get_object_or_404(_rows(request), pk=pk))


@operation(
    router,
    "PATCH",
    "/solutions/{int:pk}",
    name="solution_update",
    scope=Scope.DEPOSITS,
    summary="Modifier une solution",
    description="Tous les champs sont dits ; le dispositif et l'éditeur ne changent jamais.",
    answers={200: (SolutionOut, "La solution modifiée.")},
)
def solution_update(request: HttpRequest, pk: RowId, payload: SolutionIn) -> SolutionOut:
    with transaction.atomic():
        row = _locked(request, pk)
        require(can_edit_solution(reader(request), row), MUST_OWN)
        require_match(request, solution_out(row))
        changed = services.solution_update(solution=row, by=acting(request), **payload.model_dump())
        return solution_out(changed)


@operation(
    router,
    "POST",
    "/solutions/{int:pk}/referencing",
    name="solution_reference",
    scope=Scope.DEPOSITS,
    summary="Enregistrer le référencement d'une solution",
    answers={200: (SolutionOut, "La solution, avec son référencement.")},
)
def solution_reference(request: HttpRequest, pk: RowId, payload: ReferencingIn) -> SolutionOut:
    row = get_object_or_404(_rows(request), pk=pk)
    require(can_reference(reader(request), row), MUST_REFERENCE)
    changed = services.solution_reference(solution=row, by=acting(request), **payload.model_dump())
    return solution_out(changed)
