"""The services that the software of an organisation may name."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils import timezone
from ninja import Path, Query, Router, Schema
from ninja.errors import HttpError
from pydantic import Field

from accounts.api import reader
from api.enums import Scope
from api.operations import operation
from api.paging import only_known
from api.resources import Resource
from api.types import Code, OptionalInstant
from perf.api.outages import NO_SERVICE
from perf.api.schemas import PerfOut, ServiceOut, perf_out
from perf.models import Service
from perf.rules.periods import MOMENT, NO_YEAR, ObservationPeriod, containing, is_computed
from perf.selectors.rules import period_kind, rules_at
from perf.selectors.situations import measured_since, situation, unmeasured
from segur.lib import paris

router = Router(tags=["services"])


services = Resource(
    router,
    ServiceOut,
    lambda request: Service.objects.visible_to(reader(request)).select_related(
        "prestation__client",
        "prestation__organisation",
        "prestation__supplier__solution__organisation",
    ),
)
services.lists(
    "/services",
    name="service_list",
    summary="Lister les services",
    description="Les services supervisés que votre organisation voit.",
    answer="Une page de services.",
)


def period_at(at: dt.datetime, now: dt.datetime) -> ObservationPeriod:
    """Raises ValidationError out of the years that are computed."""
    if not is_computed(paris.day(at)):
        raise ValidationError({"at": NO_YEAR})
    return containing(at, period_kind(now))


class PerfFilters(Schema):
    at: OptionalInstant = Field(
        None, description="Un instant de la période d'observation voulue ; par défaut, celle-ci."
    )


@operation(
    router,
    "GET",
    "/services/{slug:code}/perf",
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
    service = services.rows(request).filter(code=code).first()
    if service is None:
        raise HttpError(404, NO_SERVICE)
    now = timezone.now()
    at = filters.at or now
    period = period_at(at, now)
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
