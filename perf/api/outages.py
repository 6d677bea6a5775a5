"""Outages, recorded and read by the software of an organisation."""

from __future__ import annotations

from typing import Annotated, Any

from django.db.models import Q
from django.http import HttpRequest
from ninja import Query, Router, Status
from ninja.errors import HttpError
from pydantic import Field

from accounts.api import acting, reader
from accounts.models import User
from api.enums import Scope
from api.operations import operation
from api.paging import Page, each, page_of
from api.types import OptionalCode, OptionalInstant
from perf.api.schemas import (
    OutageIn,
    Outages,
    RecordedOut,
    correction_out,
    outage_out,
)
from perf.models import Outage, Service
from perf.permissions import can_record, sources_of
from perf.services import outages
from perf.services.references import ReferenceTakenError

router = Router(tags=["outages"])

NO_SERVICE = "Aucun service de ce code parmi les vôtres : `GET /api/v1/services` les liste."
NOT_YOURS = (
    "Cette prestation est suivie par un autre Fournisseur : lui seul, ou l'ANS, enregistre ses "
    "pannes."
)


class OutageFilters(Page):
    service: OptionalCode = Field(None, description="Le code d'un service.")
    since: OptionalInstant = Field(
        None, description="Celles qui duraient encore à cet instant, ou ont commencé depuis."
    )


@operation(
    router,
    "POST",
    "/outages",
    name="outage_record",
    scope=Scope.PERF,
    summary="Enregistrer une panne",
    description=(
        "Idempotent sur `source` + `reference` : la même panne envoyée deux fois n'existe qu'une "
        "fois. Redite avec d'autres valeurs, elle est mise à jour ; les anciennes restent au "
        "journal. Une correction qui réduit D_f attend la décision de l'ANS. "
        "L'ANS enregistre pour toutes les sources, un Fournisseur pour les siennes."
    ),
    answers={
        200: (RecordedOut, "Référence connue : mise à jour (`changed`), ou inchangée."),
        201: (RecordedOut, "Panne enregistrée."),
        202: (
            RecordedOut,
            "La correction réduit D_f : elle attend la décision de l'ANS (`correction`).",
        ),
    },
    refusals={
        403: "Cette clé n'enregistre pas pour cette source, ou ce service.",
        404: "Aucun service de ce code parmi les vôtres.",
        409: "Cette référence désigne la panne d'un autre service.",
    },
)
def outage_record(request: HttpRequest, payload: OutageIn) -> Status[RecordedOut]:
    user = reader(request)
    service = _recordable(user, payload.service)
    if payload.source not in sources_of(user):
        raise HttpError(403, outages.NOT_YOURS)
    try:
        recorded = outages.record(
            service=service,
            **payload.model_dump(exclude={"service"}),
            by=acting(request),
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


@operation(
    router,
    "GET",
    "/outages",
    name="outage_list",
    scope=Scope.READ,
    summary="Lister les pannes",
    description="Celles des services que votre organisation voit, la dernière enregistrée d'abord.",
    answers={200: (Outages, "Une page de pannes.")},
)
def outage_list(request: HttpRequest, filters: Annotated[OutageFilters, Query()]) -> Any:
    found = _loaded().visible_to(reader(request))
    if filters.service:
        found = found.filter(service__code=filters.service)
    if filters.since:
        found = found.filter(Q(ended_at=None) | Q(ended_at__gt=filters.since))
    return page_of(request, found, filters, each(outage_out))


def _loaded() -> Any:
    return Outage.objects.select_related("service").prefetch_related("versions")


def _recordable(user: User, code: str) -> Service:
    found = Service.objects.visible_to(user).select_related("prestation").filter(code=code)
    service = found.first()
    if service is None:
        raise HttpError(404, NO_SERVICE)
    if not can_record(user, service.prestation):
        raise HttpError(403, NOT_YOURS)
    return service
