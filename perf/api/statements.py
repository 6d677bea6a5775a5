"""Statements of PERF: issued, and read as they were sealed."""

from __future__ import annotations

import json
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import Field, StringConstraints

from accounts.api import reader
from api.enums import Scope
from api.operations import operation
from api.paging import Page
from api.resources import ActorRight, Resource
from api.types import CLEANED, Body, Instant, OptionalKey, RowId, ShownInstant, example
from calendar_app.models import Prestation
from calendar_app.selectors.prestations import prestations_seen
from documents.services.integrity import check_seal
from journal.rules.by import By
from perf.api.services import period_at
from perf.models import Statement
from perf.permissions import can_issue
from perf.selectors.statements import seen
from perf.services.statements import issue

router = Router(tags=["statements"])

MUST_ISSUE = (
    "Un relevé engage le Fournisseur : le répondant de la clé doit être Représentant ou "
    "Mandataire, ou de l'ANS."
)


class StatementIn(Body):
    model_config = example({"at": "2027-06-01T00:00:00+02:00", "reason": "Panne corrigée"})

    at: Instant = Field(description="Un instant de la période à relever.")
    reason: Annotated[str, StringConstraints(max_length=500), CLEANED] = Field(
        "", description="Pour remplacer un relevé déjà établi."
    )


class StatementOut(Schema):
    id: int
    number: str
    prestation: int = Field(validation_alias="prestation_id")
    period_start: ShownInstant
    period_end: ShownInstant = Field(description="Exclue.")
    base: str = Field(description="ouvrable ou continu.")
    counted_us: int = Field(description="D_f, en microsecondes.")
    perf: str = Field(description="1, 0.5 ou 0.")
    is_provisional: bool
    sha256: str
    issued_at: ShownInstant


class StatementFilters(Page):
    prestation: OptionalKey = Field(None, description="Une prestation.")


statements = Resource(router, StatementOut, lambda request: seen(reader(request)), scope=Scope.PERF)
statements.lists(
    "/statements",
    name="statement_list",
    summary="Lister les relevés",
    filters=StatementFilters,
    answer="Une page de relevés.",
)


@operation(
    router,
    "GET",
    "/statements/{int:pk}/document",
    scope=Scope.READ,
    summary="Lire le contenu scellé d'un relevé",
    description="Chaque tranche comptée, et pourquoi les autres ne le sont pas.",
    answers={200: (dict[str, Any], "Le document du relevé.")},
)
def statement_document(request: HttpRequest, pk: RowId) -> Any:
    found = statements.get(request, pk)
    check_seal(found.document.encode(), sha256=found.sha256, number=found.number)
    return json.loads(found.document)


@statements.act(
    "/prestations/{int:pk}/statements",
    of=lambda request: prestations_seen(reader(request)).filter(dispositif__has_perf=True),
    status=201,
    right=ActorRight(can_issue, MUST_ISSUE),
    summary="Établir un relevé",
    description="Établi, il ne change plus ; un autre le remplace, avec un motif.",
    answer="Relevé établi.",
)
def statement_issue(prestation: Prestation, by: By, payload: StatementIn) -> Statement:
    period = period_at(payload.at, by.at)
    return issue(prestation=prestation, period=period, reason=payload.reason, by=by)
