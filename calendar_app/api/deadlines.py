"""Deadlines, their drafts and their filings, with proofs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Annotated, Any

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile as DjangoFile
from django.http import HttpRequest
from django.utils import timezone
from ninja import File, FilterLookup, Form, Path, Router, Schema, UploadedFile
from pydantic import Field, StringConstraints

from accounts.api import reader
from accounts.permissions import can_file, can_prepare
from api.enums import Scope
from api.operations import operation
from api.paging import Page
from api.resources import ActorRight, Resource
from api.types import (
    Body,
    DayOrNone,
    InstantOrNone,
    OptionalCode,
    OptionalInstant,
    OptionalKey,
    Reason,
    ShownInstant,
    Text80,
    Text2000,
    example,
)
from calendar_app.enums import Channel, FilingStatus, State
from calendar_app.models import Deadline, Filing
from calendar_app.selectors.deadlines import Line, lines
from calendar_app.services import decisions, drafts, filings
from calendar_app.services.receipts import sealed
from documents.services.held import take
from journal.permissions import require
from journal.rules.by import By
from segur.lib import paris

router = Router(tags=["deadlines"])

MUST_PREPARE = "Seule l'organisation de cette échéance prépare son dépôt."
MUST_FILE = (
    "Déposer engage l'organisation : le répondant de la clé doit être Représentant ou Mandataire."
)
NOT_DECLARED = "Confirmez par declared=true que le dépôt est déjà fait là où il doit l'être."
FUTURE = "Cette date est à venir : un document porte un jour passé."

Proofs = Annotated[list[UploadedFile], File()]
Token = Annotated[str, StringConstraints(max_length=400)]
Number = Annotated[
    str,
    Path(description="Le numéro du récépissé.", pattern=r"^[-A-Z0-9]{1,30}$"),
]


class UnmetOut(Schema):
    """Une condition qui manque pour déposer."""

    reason: str
    who: str = Field(description="Qui doit agir.")
    by: dt.date | None = Field(description="Le dernier jour pour agir, s'il y en a un.")


class DeadlineOut(Schema):
    id: int = Field(validation_alias="deadline.pk")
    dispositif: str = Field(validation_alias="deadline.dispositif.slug")
    organisation: str = Field(validation_alias="deadline.organisation.name")
    title: str = Field(validation_alias="deadline.title")
    code: str = Field(description="Le jalon : « ris-4 ». Vide pour un délai calculé.")
    solution: int | None = Field(validation_alias="deadline.solution_id")
    prestation: int | None = Field(validation_alias="deadline.prestation_id")
    client: str
    due_at: ShownInstant | None = Field(
        validation_alias="deadline.due_at", description="null : la date n'est pas fixée."
    )
    channel: Channel = Field(description="Où l'on dépose vraiment.")
    state: State = Field(validation_alias="deadline.state")
    label: str = Field(validation_alias="state", description="L'état en toutes lettres.")
    is_late: bool
    blocked_by: list[UnmetOut] = Field(
        validation_alias="unmet", description="Ce qui empêche de déposer aujourd'hui."
    )
    receipt_number: str | None

    @staticmethod
    def resolve_code(line: Line) -> str:
        row = line.deadline
        return row.milestone.code if row.milestone else row.code

    @staticmethod
    def resolve_client(line: Line) -> str:
        prestation = line.deadline.prestation
        return prestation.client.name if prestation else ""

    @staticmethod
    def resolve_is_late(line: Line) -> bool:
        return line.deadline.is_open and line.left.overdue

    @staticmethod
    def resolve_receipt_number(line: Line) -> str | None:
        return line.filed.receipt_number if line.filed else None


class DeadlineFilters(Page):
    state: State | None = Field(None, description="Un état.")
    dispositif: Annotated[OptionalCode, FilterLookup("dispositif__slug")] = Field(
        None, description="ris ou drimbox."
    )
    solution: OptionalKey = Field(None, description="Une solution.")
    prestation: OptionalKey = Field(None, description="Une prestation.")
    due_before: Annotated[OptionalInstant, FilterLookup("due_at__lt")] = Field(
        None, description="Celles dues avant cet instant."
    )


class DraftIn(Body):
    """Ce que dit un dépôt. Ce qui n'est pas envoyé garde sa valeur du brouillon."""

    deposited_at: InstantOrNone = Field(
        None, description="L'instant de l'accusé de dépôt ; pas dans le futur."
    )
    external_reference: Text80 | None = Field(None, description="Le numéro de l'accusé.")
    comment: Text2000 | None = None
    document_date: DayOrNone = Field(
        None, description="Le jour que portent les documents ; pas dans le futur."
    )
    uploads: list[Token] = Field(
        default_factory=list, max_length=20, description="Des fichiers envoyés avant (`/uploads`)."
    )


class FilingIn(DraftIn):
    declared: bool = Field(
        default=False,
        description="Le dépôt est déjà fait : l'enregistrer sur ce site ne vaut pas dépôt.",
    )
    out_of_order: bool = Field(
        default=False, description="Confirme un paiement déclaré avant sa réalisation."
    )


class DraftOut(Schema):
    deadline: int = Field(validation_alias="deadline_id")
    number: int
    deposited_at: ShownInstant | None
    external_reference: str
    comment: str
    proofs: list[str] = Field(description="Les noms des pièces.")

    @staticmethod
    def resolve_proofs(draft: Filing) -> list[str]:
        return [proof.name for proof in draft.proofs.current()]


class FilingOut(Schema):
    deadline: int = Field(validation_alias="deadline_id")
    number: int
    receipt_number: str
    receipt_sha256: str
    deposited_at: ShownInstant
    recorded_at: ShownInstant
    external_reference: str
    decision: str = Field(description="VALIDE, A_CORRIGER, REFUSE, ou vide.")
    decision_reason: str


class FilingFilters(Page):
    deadline: OptionalKey = Field(None, description="Une échéance.")


class ReasonIn(Body):
    model_config = example({"reason": "Le Client a renoncé à la prestation."})

    reason: Reason


def _lines(rows: Sequence[Deadline]) -> list[Line]:
    """In the order of the page, which is that of keys."""
    found = Deadline.objects.filter(pk__in=[row.pk for row in rows]).order_by("-pk")
    return lines(found, now=timezone.now())


deadlines = Resource(
    router,
    DeadlineOut,
    lambda request: Deadline.objects.visible_to(reader(request)).with_subject(),
    loaded=_lines,
)
deadlines.lists(
    "/deadlines",
    name="deadline_list",
    summary="Lister les échéances",
    description="Avec ce qui manque pour déposer chacune, et qui doit agir.",
    filters=DeadlineFilters,
    answer="Une page d'échéances.",
)
deadlines.reads(
    "/deadlines/{int:pk}",
    name="deadline_read",
    summary="Lire une échéance",
    answer="L'échéance.",
)
filed = Resource(
    router,
    FilingOut,
    lambda request: Filing.objects.visible_to(reader(request)).filed().exclude(receipt_number=None),
)
filed.lists(
    "/filings",
    name="filing_list",
    summary="Lister les dépôts",
    description="Ceux qui ont un récépissé, le dernier préparé d'abord.",
    filters=FilingFilters,
    answer="Une page de dépôts.",
)


started = Resource(
    router,
    DraftOut,
    lambda request: Filing.objects.visible_to(reader(request)).filter(status=FilingStatus.DRAFT),
)
PREPARES = ActorRight(lambda user, row: can_prepare(user, row.organisation_id), MUST_PREPARE)


@started.act(
    "/deadlines/{int:pk}/draft",
    of=deadlines.rows,
    right=PREPARES,
    uploads=True,
    summary="Enregistrer un brouillon",
    description="Enregistrer n'est pas déposer. Les pièces s'ajoutent à celles du brouillon.",
    answer="Le brouillon.",
)
def draft_save(
    deadline: Deadline,
    by: By,
    payload: Annotated[DraftIn, Form()],
    proofs: Proofs = [],  # noqa: B006  (read by ninja, never kept)
) -> Filing:
    if payload.document_date and payload.document_date > paris.day(by.at):
        raise ValidationError({"document_date": FUTURE})
    names = ("deposited_at", "external_reference", "comment")
    typed = {name: getattr(payload, name) for name in names}
    uploads: list[DjangoFile[Any]] = [*proofs, *map(take, payload.uploads)]
    return drafts.save_draft(
        deadline=deadline,
        by=by,
        document_date=payload.document_date,
        proofs=uploads,
        **{name: value for name, value in typed.items() if value is not None},
    )


@filed.act(
    "/deadlines/{int:pk}/filings",
    of=deadlines.rows,
    status=201,
    right=PREPARES,
    uploads=True,
    summary="Déposer, ou déclarer un dépôt fait ailleurs",
    description=(
        "Avec les pièces du brouillon et celles de cet envoi. Le récépissé part aussi par "
        "courriel. Refusé, ce qui est juste reste dans le brouillon, pièces comprises."
    ),
    answer="Dépôt enregistré, avec son récépissé.",
    refusals={409: "Une condition manque : `detail` dit laquelle et qui doit agir."},
)
def filing_create(
    deadline: Deadline,
    by: By,
    payload: Annotated[FilingIn, Form()],
    proofs: Proofs = [],  # noqa: B006  (read by ninja, never kept)
) -> Filing:
    require(can_file(by.actor, deadline.organisation_id), MUST_FILE)
    if deadline.channel != Channel.HERE and not payload.declared:
        raise ValidationError({"declared": NOT_DECLARED})
    draft_save(deadline, by, payload, proofs)
    return filings.file(
        deadline=deadline,
        by=by,
        deposited_at=payload.deposited_at,
        out_of_order=payload.out_of_order,
    )


@deadlines.act(
    "/deadlines/{int:pk}/set-aside",
    summary="Déclarer une échéance sans objet",
    answer="L'échéance, sans objet.",
)
def deadline_set_aside(deadline: Deadline, by: By, payload: ReasonIn) -> Deadline:
    decisions.set_aside(deadline, reason=payload.reason, by=by)
    return deadline


@operation(
    router,
    "GET",
    "/receipts/{number}",
    scope=Scope.READ,
    summary="Lire un récépissé",
    description="Le contenu scellé : instants, pièces et empreintes.",
    answers={200: (dict[str, Any], "Le récépissé.")},
)
def receipt_read(request: HttpRequest, number: Number) -> Any:
    return sealed(filed.rows(request), number).receipt
