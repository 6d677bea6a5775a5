"""The services that the software of an organisation may name."""

from __future__ import annotations

from typing import Annotated, Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils import timezone
from ninja import Path, Query, Router, Schema
from ninja.errors import HttpError
from pydantic import Field

from accounts.api import reader
from api.enums import Scope
from api.operations import operation
from api.paging import Page, each, only_known, page_of
from api.types import Code, OptionalInstant
from perf.api.outages import NO_SERVICE
from perf.api.schemas import PerfOut, Services, perf_out, service_out
from perf.engine.hours import FIRST_YEAR, LAST_YEAR
from perf.models import Service
from perf.rules.periods import MOMENT, containing
from perf.selectors.rules import period_kind, rules_at
from perf.selectors.situations import measured_since, situation, unmeasured
from perf.services.outages import NO_YEAR
from segur.lib import paris

router = Router(tags=["services"])


@operation(
    router,
    "GET",
    "/services",
    name="service_list",
    scope=Scope.READ,
    summary="Lister les services",
    description="Les services supervisés que votre organisation voit.",
    answers={200: (Services, "Une page de services.")},
)
def service_list(request: HttpRequest, filters: Annotated[Page, Query()]) -> Any:
    found = Service.objects.visible_to(reader(request)).select_related(
        "prestation__client",
        "prestation__organisation",
        "prestation__supplier__solution__organisation",
    )
    return page_of(request, found, filters, each(service_out))


class PerfFilters(Schema):
    at: OptionalInstant = Field(
        None, description="Un instant de la période d'observation voulue ; par défaut, celle-ci."
    )


@operation(
    router,
    "GET",
    "/services/{slug:code}/perf",
    name="service_perf",
    url_name="service_perf",
    scope=Scope.READ,
    summary="Lire D_f et PERF d'un service",
    description=(
        "Ce que dit la page de la prestation : les deux lectures, ce qui reste avant chaque seuil, "
        "et quand PERF baisse si l'arrêt en cours continue."
    ),
    answers={200: (PerfOut, "D_f et PERF de la période.")},
)
def service_perf(
    request: HttpRequest,
    code: Annotated[Code, Path(description="Le code du service.")],
    filters: Annotated[PerfFilters, Query()],
) -> PerfOut:
    only_known(request, filters)
    seen = Service.objects.visible_to(reader(request))
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
