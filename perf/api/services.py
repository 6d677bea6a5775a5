"""The services that the software of an organisation may name."""

from __future__ import annotations

from typing import Annotated

from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils import timezone
from ninja import Path, Query, Router, Schema
from ninja.errors import HttpError
from pydantic import Field

from api.problems import Problem
from perf.api.outages import ERRORS, NO_SERVICE, REFUSALS, caller, only_known
from perf.api.schemas import Code, OptionalInstant, Page, PerfOut, Services, perf_out, service_out
from perf.engine.hours import FIRST_YEAR, LAST_YEAR
from perf.models import Service
from perf.rules.periods import MOMENT, containing
from perf.selectors.rules import period_kind, rules_at
from perf.selectors.situations import measured_since, situation, unmeasured
from perf.services.outages import NO_YEAR
from segur.lib import paris

router = Router(tags=["Services"])


@router.get(
    "/services",
    url_name="services",
    operation_id="service_list",
    summary="Lister les services",
    description="Les services supervisés que votre organisation voit, par code.",
    response={200: Services, **REFUSALS},
    openapi_extra={"responses": {200: {"description": "Une page de services."}, **ERRORS}},
)
def service_list(request: HttpRequest, filters: Annotated[Page, Query()]) -> Services:
    only_known(request, filters)
    found = Service.objects.open_to(caller(request).organisation).select_related(
        "prestation__client",
        "prestation__organisation",
        "prestation__supplier__solution__organisation",
    )
    rows = found[filters.offset : filters.offset + filters.limit]
    return Services(count=found.count(), items=[service_out(row) for row in rows])


class PerfFilters(Schema):
    at: OptionalInstant = Field(
        None, description="Un instant de la période d'observation voulue ; par défaut, celle-ci."
    )


@router.get(
    "/services/{slug:code}/perf",
    url_name="service_perf",
    operation_id="service_perf",
    summary="Lire D_f et PERF d'un service",
    description=(
        "Ce que dit la page de la prestation : les deux lectures, ce qui reste avant chaque seuil, "
        "et quand PERF baisse si l'arrêt en cours continue."
    ),
    response={200: PerfOut, **REFUSALS, 404: Problem},
    openapi_extra={
        "responses": {
            200: {"description": "D_f et PERF de la période."},
            404: {"description": "Aucun service de ce code parmi les vôtres."},
            **ERRORS,
        }
    },
)
def service_perf(
    request: HttpRequest,
    code: Annotated[Code, Path(description="Le code du service.")],
    filters: Annotated[PerfFilters, Query()],
) -> PerfOut:
    only_known(request, filters)
    seen = Service.objects.open_to(caller(request).organisation)
    service = seen.select_related("prestation__client").filter(code=code).first()
    if service is None:
        raise HttpError(404, NO_SERVICE)
    now = timezone.now()
    at = filters.at or now
    if not FIRST_YEAR <= paris.day(at).year <= LAST_YEAR:
        raise ValidationError({"at": NO_YEAR})
    period = containing(at, period_kind(now))
    if why := unmeasured(measured_since(service), period, now):
        raise ValidationError({"at": why})
    found = situation(
        service,
        start=period.start,
        end=period.end,
        now=now,
        rules=rules_at(min(now, period.end - MOMENT), client=service.prestation.client),
    )
    return perf_out(found, period)
