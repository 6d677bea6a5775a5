"""PERFm and PERFe, month by month."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from django.db import transaction
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Router, Schema, Status
from pydantic import ConfigDict, Field, JsonValue

from accounts.api import acting, reader
from api.enums import Scope
from api.operations import operation
from api.paging import Page
from api.resources import Resource
from api.types import Day, OptionalKey, RowId, ShownInstant
from journal.permissions import require
from perf.api.outages import NOT_YOURS
from perf.enums import Indicator
from perf.models import Ratio
from perf.permissions import can_record
from perf.selectors.ratios import ris_prestations
from perf.services.ratios import ratio_correct, ratio_record

router = Router(tags=["ratios"])

Count = Annotated[int, Field(ge=0, le=2_147_483_647, strict=True)]


COUNTS: dict[str, JsonValue] = {
    "local_numerator": 412,
    "local_denominator": 430,
    "remote_numerator": 0,
    "remote_denominator": 0,
}


class CountsIn(Schema):
    """Les comptes rendus locaux et ceux de téléradiologie."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [COUNTS]})

    local_numerator: Count
    local_denominator: Count
    remote_numerator: Count
    remote_denominator: Count


class RatioIn(CountsIn):
    """Un mois : les comptes rendus locaux et ceux de téléradiologie."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"indicator": "PERFM", "month": "2026-10-01", **COUNTS}]},
    )

    indicator: Indicator
    month: Day = Field(description="Un jour du mois, commencé.")


class RatioOut(Schema):
    id: int
    prestation: int = Field(validation_alias="prestation_id")
    indicator: Indicator
    month: dt.date = Field(description="Son premier jour.")
    local_numerator: int
    local_denominator: int
    remote_numerator: int
    remote_denominator: int
    recorded_at: ShownInstant


class RatioFilters(Page):
    prestation: OptionalKey = Field(None, description="Une prestation.")
    indicator: Indicator | None = Field(None, description="PERFM ou PERFE.")


ratios = Resource(
    router,
    RatioOut,
    lambda request: Ratio.objects.visible_to(reader(request)).select_related("prestation"),
)
ratios.lists(
    "/ratios",
    name="ratio_list",
    summary="Lister les ratios",
    filters=RatioFilters,
    answer="Une page de ratios.",
)
ratios.reads("/ratios/{int:pk}", name="ratio_read", summary="Lire un ratio", answer="Le ratio.")


@operation(
    router,
    "POST",
    "/prestations/{int:pk}/ratios",
    name="ratio_record",
    scope=Scope.PERF,
    summary="Saisir un mois de PERFm ou de PERFe",
    description="Un mois déjà saisi est refusé : corrigez-le.",
    answers={201: (RatioOut, "Mois saisi.")},
)
def ratio_create(request: HttpRequest, pk: RowId, payload: RatioIn) -> Status[RatioOut]:
    user = reader(request)
    row = get_object_or_404(ris_prestations(user), pk=pk)
    require(can_record(user, row), NOT_YOURS)
    made = ratio_record(prestation=row, by=acting(request), **payload.model_dump())
    return Status(201, ratios.out(request, made))


@operation(
    router,
    "PATCH",
    "/ratios/{int:pk}",
    name="ratio_correct",
    scope=Scope.PERF,
    summary="Corriger un mois de PERFm ou de PERFe",
    description="Tous les nombres sont envoyés ; le journal garde les anciens.",
    answers={200: (RatioOut, "Mois corrigé.")},
)
def ratio_update(request: HttpRequest, pk: RowId, payload: CountsIn) -> RatioOut:
    with transaction.atomic():
        row = ratios.locked(
            request, pk, lambda row: can_record(reader(request), row.prestation), NOT_YOURS
        )
        changed = ratio_correct(ratio=row, by=acting(request), **payload.model_dump())
        return ratios.out(request, changed)
