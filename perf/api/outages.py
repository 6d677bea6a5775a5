"""Outages, recorded and read by the software of an organisation."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from django.db.models import Q
from django.http import HttpRequest
from ninja import FilterLookup, Router, Status
from ninja.errors import HttpError
from pydantic import Field

from accounts.api import reader
from accounts.models import User
from api.enums import Scope
from api.operations import operation
from api.paging import Page
from api.resources import Resource, acting
from api.types import OptionalCode, OptionalInstant
from perf.api.schemas import OutageIn, OutageOut, RecordedOut
from perf.models import Outage, Service
from perf.permissions import can_record, sources_of
from perf.services import outages as services
from perf.services.references import ReferenceTakenError

router = Router(tags=["outages"])

NO_SERVICE = "Aucun service de ce code parmi les vôtres : `GET /api/v1/services` les liste."
NOT_YOURS = (
    "Cette prestation est suivie par un autre Fournisseur : lui seul, ou l'ANS, enregistre ses "
    "pannes."
)


class OutageFilters(Page):
    service: Annotated[OptionalCode, FilterLookup("service__code")] = Field(
        None, description="Le code d'un service."
    )
    since: OptionalInstant = Field(
        None, description="Celles qui duraient encore à cet instant, ou ont commencé depuis."
    )

    def filter_since(self, value: dt.datetime | None) -> Q:
        return Q(ended_at=None) | Q(ended_at__gt=value) if value else Q()


outages = Resource(
    router,
    OutageOut,
    lambda request: (
        Outage.objects.visible_to(reader(request))
        .select_related("service")
        .prefetch_related("versions")
    ),
)
outages.lists(
    "/outages",
    name="outage_list",
    summary="Lister les pannes",
    description="Celles des services que votre organisation voit, la dernière enregistrée d'abord.",
    filters=OutageFilters,
    answer="Une page de pannes.",
)


@operation(
    router,
    "POST",
    "/outages",
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
        raise HttpError(403, services.NOT_YOURS)
    try:
        recorded = services.record(
            service=service,
            **payload.model_dump(exclude={"service"}),
            by=acting(request),
        )
    except ReferenceTakenError as taken:
        raise HttpError(409, taken.messages[0]) from None
    answer = RecordedOut.model_validate(
        {
            "created": recorded.created,
            "changed": recorded.changed,
            "correction": recorded.correction,
            "outage": outages.get(request, recorded.version.outage_id),
        }
    )
    if recorded.correction:
        return Status(202, answer)
    return Status(201 if recorded.created else 200, answer)


def _recordable(user: User, code: str) -> Service:
    found = Service.objects.visible_to(user).select_related("prestation").filter(code=code)
    service = found.first()
    if service is None:
        raise HttpError(404, NO_SERVICE)
    if not can_record(user, service.prestation):
        raise HttpError(403, NOT_YOURS)
    return service
