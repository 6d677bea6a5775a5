"""The VA of DRIMbox prestations, for software."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile as DjangoFile
from django.db.models import QuerySet
from django.http import HttpRequest
from ninja import File, Form, Router, Schema, UploadedFile
from pydantic import Field, StringConstraints

from accounts.api import reader
from api.paging import Page
from api.resources import ActorRight, Resource
from api.types import (
    CLEANED,
    Body,
    Day,
    DayOrNone,
    Name150,
    OptionalKey,
    Reason,
    ShownInstant,
    Text150,
    example,
)
from calendar_app.models import Prestation
from calendar_app.selectors.prestations import prestations_seen
from documents.services.held import take
from journal.rules.by import By
from pilots.enums import ConditionState, VACase
from pilots.permissions import can_bind
from pilots.va.models import VA, VACondition
from pilots.va.rules.va import VADeclaration
from pilots.va.services import va as services
from pilots.va.services import va_clock

router = Router(tags=["vas"])

MUST_BIND = (
    "Une VA engage le Fournisseur : le répondant de la clé doit en être Représentant ou Mandataire."
)
Proofs = Annotated[list[UploadedFile], File()]
Tokens = Annotated[
    list[Annotated[str, StringConstraints(max_length=400)]],
    Field(default_factory=list, max_length=20, description="Des fichiers envoyés avant."),
]
Slug = Annotated[str, StringConstraints(pattern=r"^[-a-zA-Z0-9_]{1,40}$")]


class VAIn(Body):
    """Ce que dit la VA signée par le Client."""

    case: VACase = Field(description="CAS_1 : tout est vérifié ; CAS_2 : des conditions reportées.")
    finalised_on: Day = Field(description="Pas dans le futur.")
    ris_vague2_on: DayOrNone = Field(None, description="À dire dans le cas 1.")
    signed_on: Day = Field(description="Pas dans le futur, ni avant la finalisation.")
    signatory_name: Name150
    signatory_role: Text150 = ""
    comment: Annotated[str, StringConstraints(max_length=2000), CLEANED] = ""
    reported: list[Slug] = Field(
        default_factory=list, max_length=100, description="Les codes des conditions reportées."
    )
    uploads: Tokens


class VACorrectionIn(VAIn):
    """La VA en entier, et le motif de sa correction."""

    model_config = example(
        {
            "case": "CAS_2",
            "finalised_on": "2027-05-03",
            "signed_on": "2027-05-05",
            "signatory_name": "Anne Exemple",
            "reported": ["db-cr"],
            "reason": "Le jour de la signature était inexact.",
        }
    )

    reason: Reason


class VANotificationIn(Body):
    notified_on: Day = Field(description="Le jour de Paris, pas dans le futur.")
    means: Name150 = Field(description="Courriel, lettre recommandée…")
    uploads: Tokens


class ValidationIn(Body):
    validated_on: Day = Field(description="Pas dans le futur, ni avant la notification.")
    uploads: Tokens


class ConditionOut(Schema):
    id: int
    code: str
    label: str
    state: ConditionState
    validated_on: dt.date | None


class VAOut(Schema):
    id: int
    prestation: int = Field(validation_alias="prestation_id")
    case: VACase
    finalised_on: dt.date
    ris_vague2_on: dt.date | None
    signed_on: dt.date
    signatory_name: str
    signatory_role: str
    comment: str
    notified_on: dt.date | None = Field(description="Le jour de la notification du Client.")
    due_at: ShownInstant | None = Field(description="La fin des deux mois.")
    conditions: list[ConditionOut]

    @staticmethod
    def resolve_notified_on(row: VA) -> dt.date | None:
        notification = getattr(row, "notification", None)
        return notification.notified_on if notification else None

    @staticmethod
    def resolve_due_at(row: VA) -> dt.datetime | None:
        return row.clock.due_at if row.clock else None


class VAFilters(Page):
    prestation: OptionalKey = Field(None, description="Une prestation.")


def _rows(request: HttpRequest) -> QuerySet[VA]:
    seen = VA.objects.visible_to(reader(request)).select_related(
        "clock", "notification", "prestation__supplier__solution"
    )
    return seen.prefetch_related("conditions")


vas = Resource(router, VAOut, _rows)
vas.lists(
    "/vas",
    name="va_list",
    summary="Lister les VA",
    description="Avec leurs conditions et la fin des deux mois.",
    filters=VAFilters,
    answer="Une page de VA.",
)
vas.reads("/vas/{int:pk}", name="va_read", summary="Lire une VA", answer="La VA.")


BINDS = ActorRight(can_bind, MUST_BIND)
BINDS_VA = ActorRight(lambda user, va: can_bind(user, va.prestation), MUST_BIND)


def _conditions(request: HttpRequest) -> QuerySet[VACondition]:
    return VACondition.objects.visible_to(reader(request)).select_related("va__prestation")


def _files(proofs: list[UploadedFile], tokens: list[str]) -> list[DjangoFile[Any]]:
    return [*proofs, *map(take, tokens)]


@vas.act(
    "/prestations/{int:pk}/va",
    of=lambda request: prestations_seen(reader(request)).filter(dispositif__has_va=True),
    status=201,
    right=BINDS,
    uploads=True,
    summary="Enregistrer la VA signée",
    description="Avec le fichier signé par le Client : PDF, PNG ou JPEG.",
    answer="VA enregistrée.",
)
def va_record(
    prestation: Prestation,
    by: By,
    payload: Annotated[VAIn, Form()],
    proofs: Proofs = [],  # noqa: B006  (read by ninja, never kept)
) -> VA:
    uploads = _files(proofs, payload.uploads)
    for upload in uploads:
        _check_signed(upload)
    return services.record(prestation, declared=_declared(payload), proofs=uploads, by=by)


def _declared(payload: VAIn) -> VADeclaration:
    values = payload.model_dump(exclude={"uploads", "reported", "reason"})
    return VADeclaration(**values, reported=frozenset(payload.reported))


def _check_signed(upload: DjangoFile[Any]) -> None:
    try:
        services.check_signed(upload)
    except ValidationError as error:
        raise ValidationError({"proofs": error.messages}) from None


@vas.act(
    "/vas/{int:pk}",
    method="PATCH",
    right=BINDS_VA,
    summary="Corriger une VA",
    description=(
        "Tous les champs sont envoyés, avec le motif ; le journal garde les anciens, et ses "
        "fichiers. Un nouveau fichier signé est envoyé avant (`uploads`). Après la notification "
        "du Client, ni le cas ni les conditions reportées ne changent."
    ),
    answer="La VA corrigée.",
)
def va_correct(va: VA, by: By, payload: VACorrectionIn) -> VA:
    return services.correct(
        va,
        declared=_declared(payload),
        reason=payload.reason,
        proofs=_files([], payload.uploads),
        by=by,
    )


@vas.act(
    "/vas/{int:pk}/notification",
    right=BINDS_VA,
    uploads=True,
    summary="Enregistrer la notification du Client",
    description="Les deux mois courent de ce jour. Avec sa preuve.",
    answer="La VA, avec son délai.",
)
def va_notify(
    va: VA,
    by: By,
    payload: Annotated[VANotificationIn, Form()],
    proofs: Proofs = [],  # noqa: B006  (read by ninja, never kept)
) -> VA:
    uploads = _files(proofs, payload.uploads)
    notified, means = payload.notified_on, payload.means
    va_clock.notify(va, notified=notified, means=means, proofs=uploads, by=by)
    return va


@vas.act(
    "/va-conditions/{int:pk}/validation",
    of=_conditions,
    right=ActorRight(lambda user, row: can_bind(user, row.va.prestation), MUST_BIND),
    uploads=True,
    summary="Enregistrer la validation d'une condition reportée",
    description="La dernière clôt le délai. Avec sa preuve.",
    answer="La VA.",
)
def va_condition_validate(
    condition: VACondition,
    by: By,
    payload: Annotated[ValidationIn, Form()],
    proofs: Proofs = [],  # noqa: B006  (read by ninja, never kept)
) -> VA:
    uploads = _files(proofs, payload.uploads)
    va_clock.validate(condition, validated_on=payload.validated_on, proofs=uploads, by=by)
    return condition.va
