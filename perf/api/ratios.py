"""PERFm and PERFe, month by month."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from ninja import Router, Schema
from pydantic import Field, JsonValue

from accounts.api import reader
from api.enums import Scope
from api.paging import Page
from api.resources import ActorRight, Resource
from api.types import Body, Day, OptionalKey, ShownInstant, example
from calendar_app.models import Prestation
from journal.rules.by import By
from perf.api.outages import NOT_YOURS
from perf.enums import Indicator
from perf.models import Ratio
from perf.permissions import can_record
from perf.selectors.ratios import ris_prestations
from perf.services import ratios as services

router = Router(tags=["ratios"])

Count = Annotated[int, Field(ge=0, le=2_147_483_647, strict=True)]


COUNTS: dict[str, JsonValue] = {
    "local_numerator": 412,
    "local_denominator": 430,
    "remote_numerator": 0,
    "remote_denominator": 0,
}


class CountsIn(Body):
    """Les comptes rendus locaux et ceux de téléradiologie."""

    model_config = example(COUNTS)

    local_numerator: Count
    local_denominator: Count
    remote_numerator: Count
    remote_denominator: Count


class RatioIn(CountsIn):
    """Un mois : les comptes rendus locaux et ceux de téléradiologie."""

    model_config = example({"indicator": "PERFM", "month": "2026-10-01", **COUNTS})

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
    scope=Scope.PERF,
)
ratios.lists(
    "/ratios",
    name="ratio_list",
    summary="Lister les ratios",
    filters=RatioFilters,
    answer="Une page de ratios.",
)
ratios.reads("/ratios/{int:pk}", name="ratio_read", summary="Lire un ratio", answer="Le ratio.")


@ratios.act(
    "/prestations/{int:pk}/ratios",
    of=lambda request: ris_prestations(reader(request)),
    status=201,
    right=ActorRight(can_record, NOT_YOURS),
    summary="Saisir un mois de PERFm ou de PERFe",
    description="Un mois déjà saisi est refusé : corrigez-le.",
    answer="Mois saisi.",
)
def ratio_record(prestation: Prestation, by: By, payload: RatioIn) -> Ratio:
    return services.ratio_record(prestation=prestation, by=by, **payload.model_dump())


@ratios.act(
    "/ratios/{int:pk}",
    method="PATCH",
    right=ActorRight(lambda user, ratio: can_record(user, ratio.prestation), NOT_YOURS),
    summary="Corriger un mois de PERFm ou de PERFe",
    description="Tous les nombres sont envoyés ; le journal garde les anciens.",
    answer="Mois corrigé.",
)
def ratio_correct(ratio: Ratio, by: By, payload: CountsIn) -> Ratio:
    return services.ratio_correct(ratio=ratio, by=by, **payload.model_dump())
