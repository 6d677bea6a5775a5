"""Pilot Clients and their PV, for software: prepared, signed, sent."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import File, FilterLookup, Form, Router, Schema, Status, UploadedFile
from pydantic import ConfigDict, Field, StringConstraints

from accounts.api import acting, reader
from api.enums import Scope
from api.operations import operation
from api.paging import Page
from api.resources import Resource
from api.types import CLEANED, Day, DayOrNone, OptionalKey, RowId, ShownInstant, Text150
from calendar_app.selectors.prestations import prestations_seen
from journal.permissions import require
from pilots.enums import PVState
from pilots.permissions import can_bind, can_edit
from pilots.pv.models import PilotPV
from pilots.pv.selectors.pilots import pilots_seen
from pilots.pv.selectors.pvs import pvs_seen, state_for
from pilots.pv.services import pilots as pilot_services
from pilots.pv.services import pvs as services
from segur.lib import paris

router = Router(tags=["pvs"])

MUST_PREPARE = "Seul le Fournisseur prépare ce PV et y joint le fichier signé."
MUST_BIND = (
    "Transmettre un PV engage le Fournisseur : le répondant de la clé doit en être Représentant ou "
    "Mandataire."
)
FUTURE = "Ce jour est à venir : indiquez le jour de la signature."
Slug = Annotated[str, StringConstraints(pattern=r"^[-a-zA-Z0-9_]{1,40}$")]
Mention = Annotated[str, StringConstraints(max_length=500), CLEANED]


class PilotOut(Schema):
    id: int
    prestation: int = Field(validation_alias="prestation_id")
    client: str = Field(validation_alias="prestation.client.name")
    named_at: ShownInstant
    withdrawn_at: ShownInstant | None


class PVIn(Schema):
    """Ce que dit le PV. Une mention qui n'est pas dite garde sa valeur."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "mentions": {},
                    "realised_on": "2026-10-12",
                    "signatory_name": "Anne Exemple",
                    "signatory_role": "Directrice du système d'information",
                    "comment": "",
                }
            ]
        },
    )

    mentions: dict[Slug, Mention] = Field(
        default_factory=dict, max_length=100, description="Code de la mention, sa valeur."
    )
    realised_on: DayOrNone = None
    signatory_name: Text150 = ""
    signatory_role: Text150 = ""
    comment: Annotated[str, StringConstraints(max_length=2000), CLEANED] = ""


class SignedIn(Schema):
    model_config = ConfigDict(extra="forbid")

    signed_on: Day = Field(description="Pas dans le futur.")


class MentionOut(Schema):
    code: str
    label: str
    is_required: bool
    value: str


class PVOut(Schema):
    id: int
    pilot: int = Field(validation_alias="pilot_id")
    prestation: int = Field(validation_alias="pilot.prestation_id")
    client: str = Field(validation_alias="pilot.prestation.client.name")
    state: PVState
    realised_on: dt.date | None
    signed_on: dt.date | None
    signatory_name: str
    signatory_role: str
    comment: str
    sent_at: ShownInstant | None
    mentions: list[MentionOut]

    @staticmethod
    def resolve_state(row: PilotPV, context: dict[str, Any]) -> PVState:
        """The one that the reader may know."""
        return state_for(reader(context["request"]), row)


class PVFilters(Page):
    prestation: Annotated[OptionalKey, FilterLookup("pilot__prestation")] = Field(
        None, description="Une prestation."
    )


pilots = Resource(router, PilotOut, lambda request: pilots_seen(reader(request)))
pilots.lists(
    "/pilots",
    name="pilot_list",
    summary="Lister les Clients pilotes",
    answer="Une page de Clients pilotes.",
)
pvs = Resource(
    router, PVOut, lambda request: pvs_seen(reader(request)).prefetch_related("mentions")
)
pvs.lists(
    "/pvs", name="pv_list", summary="Lister les PV", filters=PVFilters, answer="Une page de PV."
)
pvs.reads("/pvs/{int:pk}", name="pv_read", summary="Lire un PV", answer="Le PV.")


@operation(
    router,
    "POST",
    "/prestations/{int:pk}/pilot",
    name="pilot_name",
    scope=Scope.DEPOSITS,
    summary="Désigner le Client d'une prestation comme pilote",
    description="Avec ses deux demandes à l'ASP.",
    answers={201: (PilotOut, "Client désigné.")},
)
def pilot_name(request: HttpRequest, pk: RowId) -> Status[PilotOut]:
    user = reader(request)
    prestation = get_object_or_404(prestations_seen(user), pk=pk)
    require(can_edit(user, prestation), MUST_PREPARE)
    made = pilot_services.name(prestation, by=acting(request))
    return Status(201, pilots.shown(request, made.pk))


@operation(
    router,
    "POST",
    "/pilots/{int:pk}/pv",
    name="pv_create",
    scope=Scope.DEPOSITS,
    summary="Préparer un PV",
    description="Un brouillon, avec les mentions du jour, remplies de ce qui est connu.",
    answers={201: (PVOut, "PV préparé.")},
)
def pv_create(request: HttpRequest, pk: RowId) -> Status[PVOut]:
    pilot = pilots.get(request, pk)
    require(can_edit(reader(request), pilot.prestation), MUST_PREPARE)
    made = services.create(pilot, by=acting(request))
    return Status(201, pvs.shown(request, made.pk))


@operation(
    router,
    "PATCH",
    "/pvs/{int:pk}",
    name="pv_edit",
    scope=Scope.DEPOSITS,
    summary="Modifier un PV",
    description="Signé, il redevient un brouillon : le fichier signé ne dit plus la même chose.",
    answers={200: (PVOut, "Le PV modifié.")},
)
def pv_edit(request: HttpRequest, pk: RowId, payload: PVIn) -> PVOut:
    with transaction.atomic():
        row = pvs.locked(
            request,
            pk,
            lambda row: can_edit(reader(request), row.pilot.prestation),
            MUST_PREPARE,
        )
        services.edit(row, by=acting(request), **payload.model_dump())
        return pvs.shown(request, pk)


@operation(
    router,
    "POST",
    "/pvs/{int:pk}/signed-file",
    name="pv_sign",
    scope=Scope.DEPOSITS,
    uploads=True,
    summary="Joindre le PV signé",
    description="Un seul PDF, gardé octet pour octet. Ce que vaut sa signature est regardé.",
    answers={200: (PVOut, "Le PV, signé.")},
)
def pv_sign(
    request: HttpRequest,
    pk: RowId,
    payload: Annotated[SignedIn, Form()],
    upload: Annotated[UploadedFile, File()],
) -> PVOut:
    row, by = pvs.get(request, pk), acting(request)
    require(can_edit(reader(request), row.pilot.prestation), MUST_PREPARE)
    if payload.signed_on > paris.day(by.at):
        raise ValidationError({"signed_on": FUTURE})
    services.attach_signed(row, upload=upload, signed_on=payload.signed_on, by=by)
    return pvs.shown(request, pk)


@operation(
    router,
    "POST",
    "/pvs/{int:pk}/send",
    name="pv_send",
    scope=Scope.DEPOSITS,
    summary="Transmettre un PV à l'ANS",
    description="Le récépissé part par courriel.",
    answers={200: (PVOut, "Le PV, transmis.")},
    refusals={409: "Il manque quelque chose : `detail` dit quoi et qui doit agir."},
)
def pv_send(request: HttpRequest, pk: RowId) -> PVOut:
    row = pvs.get(request, pk)
    require(can_bind(reader(request), row.pilot.prestation), MUST_BIND)
    services.send(row, by=acting(request))
    return pvs.shown(request, pk)


@operation(
    router,
    "POST",
    "/pvs/{int:pk}/take-back",
    name="pv_take_back",
    scope=Scope.DEPOSITS,
    summary="Reprendre un PV transmis",
    description="Tant qu'aucun agent de l'ANS n'a commencé à le contrôler.",
    answers={200: (PVOut, "Le PV, repris : il se modifie de nouveau.")},
)
def pv_take_back(request: HttpRequest, pk: RowId) -> PVOut:
    row = pvs.get(request, pk)
    require(can_bind(reader(request), row.pilot.prestation), MUST_BIND)
    services.take_back(row, by=acting(request))
    return pvs.shown(request, pk)
