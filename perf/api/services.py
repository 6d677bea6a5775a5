"""The services that the software of an organisation may name."""

from __future__ import annotations

from typing import Annotated

from django.http import HttpRequest
from ninja import Query, Router

from perf.api.outages import REFUSALS, TOLD, caller, only_known
from perf.api.schemas import Page, Services, service_out
from perf.models import Service

router = Router(tags=["Services"])


@router.get(
    "/services",
    url_name="services",
    operation_id="service_list",
    summary="Lister les services",
    description="Les services supervisés que votre organisation voit, par code.",
    response={200: Services, **REFUSALS},
    openapi_extra={"responses": {200: {"description": "Une page de services."}, **TOLD}},
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
