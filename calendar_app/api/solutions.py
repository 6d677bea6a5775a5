"""Solutions and their Fournisseurs."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from ninja import FilterLookup, Router, Schema, Status
from pydantic import Field

from accounts.api import caller, reader
from accounts.enums import Kind
from accounts.permissions import can_prepare
from api.enums import Scope
from api.operations import operation
from api.paging import Page
from api.resources import ActorRight, Resource, acting
from api.types import (
    Body,
    Code,
    DayOrNone,
    Name150,
    OptionalCode,
    ShownInstant,
    Text50,
    Text60,
    Text150,
    example,
)
from calendar_app.enums import Market
from calendar_app.models import Dispositif, Solution
from calendar_app.permissions import can_edit_solution, can_reference
from calendar_app.services import solutions as services
from journal.permissions import require
from journal.rules.by import By

router = Router(tags=["solutions"])

MUST_BE_EDITEUR = "Seule la clé d'un éditeur enregistre une solution."
MUST_OWN = "Seul l'éditeur de cette solution la modifie."
MUST_REFERENCE = "Le référencement est enregistré par l'ANS ou par l'éditeur de la solution."
NO_DISPOSITIF = "Ce dispositif n'existe pas : ris ou drimbox."


class SolutionIn(Body):
    """L'identité d'une solution et sa mise sur le marché."""

    model_config = example(
        {
            "name": "ImaRIS",
            "version": "4.2",
            "proxy_name": "",
            "proxy_version": "",
            "market": "CONCURRENTIEL",
        }
    )

    name: Name150
    version: Text50 = ""
    proxy_name: Text150 = Field("", description="Pour une DRIMbox : le couple est référencé.")
    proxy_version: Text50 = ""
    market: Market = Field(Market.UNKNOWN, description="Comment elle est proposée.")


class NewSolutionIn(SolutionIn):
    model_config = example({"dispositif": "ris", "name": "ImaRIS", "market": "CONCURRENTIEL"})

    dispositif: Code = Field(description="ris ou drimbox.")


class ReferencingIn(Body):
    model_config = example({"referenced_on": "2026-03-02", "reference_number": "V2-0042"})

    referenced_on: DayOrNone = Field(description="Le jour du prononcé, pas dans le futur.")
    reference_number: Text60 = ""


class SolutionOut(Schema):
    id: int
    dispositif: str = Field(validation_alias="dispositif.slug")
    editeur: str = Field(validation_alias="organisation.name")
    name: str
    version: str
    proxy_name: str
    proxy_version: str
    market: Market
    referenced_on: dt.date | None
    reference_number: str
    created_at: ShownInstant


class SolutionFilters(Page):
    dispositif: Annotated[OptionalCode, FilterLookup("dispositif__slug")] = Field(
        None, description="ris ou drimbox."
    )


def _rows(request: HttpRequest) -> QuerySet[Solution]:
    seen = Solution.objects.visible_to(reader(request))
    return seen.select_related("organisation", "dispositif")


solutions = Resource(router, SolutionOut, _rows)
solutions.lists(
    "/solutions",
    name="solution_list",
    summary="Lister les solutions",
    description="Celles que votre organisation édite ou fournit, la dernière enregistrée d'abord.",
    filters=SolutionFilters,
    answer="Une page de solutions.",
)
solutions.reads(
    "/solutions/{int:pk}", name="solution_read", summary="Lire une solution", answer="La solution."
)


@operation(
    router,
    "POST",
    "/solutions",
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
    return Status(201, solutions.out(request, made))


@solutions.act(
    "/solutions/{int:pk}",
    method="PATCH",
    right=ActorRight(can_edit_solution, MUST_OWN),
    summary="Modifier une solution",
    description="Tous les champs sont envoyés ; le dispositif et l'éditeur ne changent jamais.",
    answer="La solution modifiée.",
)
def solution_update(solution: Solution, by: By, payload: SolutionIn) -> Solution:
    return services.solution_update(solution=solution, by=by, **payload.model_dump())


@solutions.act(
    "/solutions/{int:pk}/referencing",
    right=ActorRight(can_reference, MUST_REFERENCE),
    summary="Enregistrer le référencement d'une solution",
    answer="La solution, avec son référencement.",
)
def solution_reference(solution: Solution, by: By, payload: ReferencingIn) -> Solution:
    return services.solution_reference(solution=solution, by=by, **payload.model_dump())
