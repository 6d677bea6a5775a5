"""Outages, recorded and read by the software of an organisation."""

from __future__ import annotations

from typing import Annotated, Any

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import HttpRequest
from django.utils import timezone
from ninja import Query, Router, Schema, Status
from ninja.errors import HttpError
from pydantic import Field

from accounts.enums import Kind
from accounts.models import ApiToken, Organisation
from api.problems import Problem
from journal.rules.by import By
from perf.api.schemas import (
    OptionalCode,
    OptionalInstant,
    OutageIn,
    Outages,
    Page,
    RecordedOut,
    correction_out,
    outage_out,
)
from perf.models import Outage, Service
from perf.permissions import sources_of
from perf.services import outages
from perf.services.references import ReferenceTakenError

router = Router(tags=["Pannes"])

NO_SERVICE = "Aucun service de ce code parmi les vôtres : `GET /api/v1/services` les liste."
NOT_YOURS = (
    "Cette prestation est suivie par un autre Fournisseur : lui seul, ou l'ANS, enregistre ses "
    "pannes."
)

REFUSALS: dict[int, Any] = {401: Problem, 422: Problem, 429: Problem}
ERRORS: dict[int, Any] = {
    401: {"description": "Sans clé active."},
    422: {"description": "Une valeur est refusée : `errors` dit laquelle et pourquoi."},
    429: {"description": "Trop d'appels en une minute."},
}


class OutageFilters(Page):
    service: OptionalCode = Field(None, description="Le code d'un service.")
    since: OptionalInstant = Field(
        None, description="Celles qui duraient encore à cet instant, ou ont commencé depuis."
    )


@router.post(
    "/outages",
    url_name="outages",
    operation_id="outage_record",
    summary="Enregistrer une panne",
    description=(
        "Idempotent sur `source` + `reference` : la même panne envoyée deux fois n'existe qu'une "
        "fois. Redite avec d'autres valeurs, elle est mise à jour ; les anciennes restent au "
        "journal. Une correction qui réduit D_f attend la décision de l'ANS. "
        "L'ANS enregistre pour toutes les sources, un Fournisseur pour les siennes."
    ),
    response={
        200: RecordedOut,
        201: RecordedOut,
        202: RecordedOut,
        400: Problem,
        **REFUSALS,
        403: Problem,
        404: Problem,
        409: Problem,
        413: Problem,
        415: Problem,
    },
    openapi_extra={
        "responses": {
            200: {"description": "Référence connue : mise à jour (`changed`), ou inchangée."},
            201: {"description": "Panne enregistrée."},
            202: {
                "description": "La correction réduit D_f : elle attend la décision de l'ANS "
                "(`correction`)."
            },
            400: {"description": "Le corps n'est pas du JSON."},
            403: {"description": "Cette clé n'enregistre pas pour cette source, ou ce service."},
            404: {"description": "Aucun service de ce code parmi les vôtres."},
            409: {"description": "Cette référence désigne la panne d'un autre service."},
            413: {"description": "Le corps est trop long."},
            415: {"description": "Le corps n'est pas annoncé comme `application/json`."},
            **ERRORS,
        }
    },
)
def outage_record(request: HttpRequest, payload: OutageIn) -> Status[RecordedOut]:
    token = caller(request)
    service = _recordable(token.organisation, payload.service)
    if payload.source not in sources_of(token.organisation):
        raise HttpError(403, outages.NOT_YOURS)
    try:
        recorded = outages.record(
            service=service,
            **payload.model_dump(exclude={"service"}),
            by=By.software(token, timezone.now()),
        )
    except ReferenceTakenError as taken:
        raise HttpError(409, taken.messages[0]) from None
    outage = _loaded().get(pk=recorded.version.outage_id)
    answer = RecordedOut(
        created=recorded.created,
        changed=recorded.changed,
        correction=correction_out(recorded.correction),
        outage=outage_out(outage),
    )
    if recorded.correction:
        return Status(202, answer)
    return Status(201 if recorded.created else 200, answer)


@router.get(
    "/outages",
    url_name="outages",
    operation_id="outage_list",
    summary="Lister les pannes",
    description="Celles des services que votre organisation voit, les dernières d'abord.",
    response={200: Outages, **REFUSALS},
    openapi_extra={"responses": {200: {"description": "Une page de pannes."}, **ERRORS}},
)
def outage_list(request: HttpRequest, filters: Annotated[OutageFilters, Query()]) -> Outages:
    only_known(request, filters)
    found = _loaded().open_to(caller(request).organisation)
    if filters.service:
        found = found.filter(service__code=filters.service)
    if filters.since:
        found = found.filter(Q(ended_at=None) | Q(ended_at__gt=filters.since))
    rows = found[filters.offset : filters.offset + filters.limit]
    return Outages(count=found.count(), items=[outage_out(row) for row in rows])


def only_known(request: HttpRequest, filters: Schema) -> None:
    """A filter misspelt is refused: left out, it would answer with everything."""
    unknown = request.GET.keys() - type(filters).model_fields.keys()
    if unknown:
        raise ValidationError(dict.fromkeys(sorted(unknown), "Ce paramètre n'existe pas."))


def caller(request: HttpRequest) -> ApiToken:
    token: ApiToken = request.auth  # type: ignore[attr-defined]  # set by ninja
    return token


def _loaded() -> Any:
    return Outage.objects.select_related("service").prefetch_related("versions")


def _recordable(organisation: Organisation, code: str) -> Service:
    found = Service.objects.open_to(organisation).select_related("prestation").filter(code=code)
    service = found.first()
    if service is None:
        raise HttpError(404, NO_SERVICE)
    is_its_own = service.prestation.organisation_id == organisation.pk
    if not is_its_own and organisation.kind != Kind.ANS:
        raise HttpError(403, NOT_YOURS)
    return service
