"""Pilot Clients and their PV, for software: prepared, signed, sent."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any

from django.core.exceptions import ValidationError
from ninja import File, FilterLookup, Form, Router, Schema, UploadedFile
from pydantic import Field, StringConstraints

from accounts.api import reader
from api.paging import Page
from api.resources import ActorRight, Resource
from api.types import CLEANED, Body, Day, DayOrNone, OptionalKey, ShownInstant, Text150, example
from calendar_app.models import Prestation
from calendar_app.selectors.prestations import prestations_seen
from journal.rules.by import By
from pilots.enums import PVState
from pilots.permissions import can_bind, can_edit
from pilots.pv.models import Pilot, PilotPV
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


class PVIn(Body):
    """Ce que dit le PV. Une mention qui n'est pas dite garde sa valeur."""

    model_config = example(
        {
            "mentions": {},
            "realised_on": "2026-10-12",
            "signatory_name": "Anne Exemple",
            "signatory_role": "Directrice du système d'information",
            "comment": "",
        }
    )

    mentions: dict[Slug, Mention] = Field(
        default_factory=dict, max_length=100, description="Code de la mention, sa valeur."
    )
    realised_on: DayOrNone = None
    signatory_name: Text150 = ""
    signatory_role: Text150 = ""
    comment: Annotated[str, StringConstraints(max_length=2000), CLEANED] = ""


class SignedIn(Body):
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


PREPARES_PILOT = ActorRight(can_edit, MUST_PREPARE)
PREPARES_PV = ActorRight(lambda user, pilot: can_edit(user, pilot.prestation), MUST_PREPARE)
PREPARES = ActorRight(lambda user, pv: can_edit(user, pv.pilot.prestation), MUST_PREPARE)
BINDS = ActorRight(lambda user, pv: can_bind(user, pv.pilot.prestation), MUST_BIND)


@pilots.act(
    "/prestations/{int:pk}/pilot",
    of=lambda request: prestations_seen(reader(request)),
    status=201,
    right=PREPARES_PILOT,
    summary="Désigner le Client d'une prestation comme pilote",
    description="Avec ses deux demandes à l'ASP.",
    answer="Client désigné.",
)
def pilot_name(prestation: Prestation, by: By) -> Pilot:
    return pilot_services.name(prestation, by=by)


@pvs.act(
    "/pilots/{int:pk}/pv",
    of=pilots.rows,
    status=201,
    right=PREPARES_PV,
    summary="Préparer un PV",
    description="Un brouillon, avec les mentions du jour, remplies de ce qui est connu.",
    answer="PV préparé.",
)
def pv_create(pilot: Pilot, by: By) -> PilotPV:
    return services.create(pilot, by=by)


@pvs.act(
    "/pvs/{int:pk}",
    method="PATCH",
    right=PREPARES,
    summary="Modifier un PV",
    description="Signé, il redevient un brouillon : le fichier signé ne dit plus la même chose.",
    answer="Le PV modifié.",
)
def pv_edit(pv: PilotPV, by: By, payload: PVIn) -> PilotPV:
    return services.edit(pv, by=by, **payload.model_dump())


@pvs.act(
    "/pvs/{int:pk}/signed-file",
    right=PREPARES,
    uploads=True,
    summary="Joindre le PV signé",
    description="Un seul PDF, gardé octet pour octet. Ce que vaut sa signature est regardé.",
    answer="Le PV, signé.",
)
def pv_sign(
    pv: PilotPV,
    by: By,
    payload: Annotated[SignedIn, Form()],
    upload: Annotated[UploadedFile, File()],
) -> PilotPV:
    if payload.signed_on > paris.day(by.at):
        raise ValidationError({"signed_on": FUTURE})
    services.attach_signed(pv, upload=upload, signed_on=payload.signed_on, by=by)
    return pv


@pvs.act(
    "/pvs/{int:pk}/send",
    right=BINDS,
    summary="Transmettre un PV à l'ANS",
    description="Le récépissé part par courriel.",
    answer="Le PV, transmis.",
    refusals={409: "Il manque quelque chose : `detail` dit quoi et qui doit agir."},
)
def pv_send(pv: PilotPV, by: By) -> PilotPV:
    return services.send(pv, by=by)


@pvs.act(
    "/pvs/{int:pk}/take-back",
    right=BINDS,
    summary="Reprendre un PV transmis",
    description="Tant qu'aucun agent de l'ANS n'a commencé à le contrôler.",
    answer="Le PV, repris : il se modifie de nouveau.",
)
def pv_take_back(pv: PilotPV, by: By) -> PilotPV:
    return services.take_back(pv, by=by)
