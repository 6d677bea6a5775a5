"""Deadlines, their drafts and their filings, with proofs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Annotated, Any

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile as DjangoFile
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import File, Form, Path, Query, Router, Schema, Status, UploadedFile
from ninja.errors import HttpError
from pydantic import ConfigDict, Field, StringConstraints

from accounts.api import acting, reader
from accounts.permissions import can_file, can_prepare
from api.enums import Scope
from api.operations import operation
from api.paging import NEXT, Page, page_of
from api.types import (
    DayOrNone,
    InstantOrNone,
    OptionalCode,
    OptionalInstant,
    OptionalKey,
    Reason,
    RowId,
    ShownInstant,
    Text80,
    Text2000,
)
from calendar_app.enums import Channel, State
from calendar_app.models import Deadline, Filing
from calendar_app.selectors.deadlines import Line, lines
from calendar_app.services import decisions, drafts, filings
from documents.services.held import take
from journal.permissions import require
from segur.lib import paris

router = Router(tags=["deadlines"])

MUST_PREPARE = "Seule l'organisation de cette échéance prépare son dépôt."
MUST_FILE = (
    "Déposer engage l'organisation : le répondant de la clé doit être Représentant ou Mandataire."
)
NOT_DECLARED = "Confirmez par declared=true que le dépôt est déjà fait là où il doit l'être."
FUTURE = "Cette date est à venir : un document porte un jour passé."

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
    id: int
    dispositif: str
    organisation: str
    title: str
    code: str = Field(description="Le jalon : « ris-4 ». Vide pour un délai calculé.")
    solution: int | None
    prestation: int | None
    client: str
    due_at: ShownInstant | None = Field(description="null : la date n'est pas fixée.")
    channel: Channel = Field(description="Où l'on dépose vraiment.")
    state: State
    label: str = Field(description="L'état en toutes lettres.")
    is_late: bool
    blocked_by: list[UnmetOut] = Field(description="Ce qui empêche de déposer aujourd'hui.")
    receipt_number: str | None


class Deadlines(Schema):
    items: list[DeadlineOut]
    next: str | None = NEXT


class DeadlineFilters(Page):
    state: State | None = Field(None, description="Un état.")
    dispositif: OptionalCode = Field(None, description="ris ou drimbox.")
    solution: OptionalKey = Field(None, description="Une solution.")
    prestation: OptionalKey = Field(None, description="Une prestation.")
    due_before: OptionalInstant = Field(None, description="Celles dues avant cet instant.")


class DraftIn(Schema):
    """Ce que dit un dépôt. Ce qui n'est pas envoyé garde sa valeur du brouillon."""

    model_config = ConfigDict(extra="forbid")

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
    deadline: int
    number: int
    deposited_at: ShownInstant | None
    external_reference: str
    comment: str
    proofs: list[str] = Field(description="Les noms des pièces.")


class FilingOut(Schema):
    deadline: int
    number: int
    receipt_number: str
    receipt_sha256: str
    deposited_at: ShownInstant
    recorded_at: ShownInstant
    external_reference: str
    decision: str = Field(description="VALIDE, A_CORRIGER, REFUSE, ou vide.")
    decision_reason: str


class Filings(Schema):
    items: list[FilingOut]
    next: str | None = NEXT


class ReasonIn(Schema):
    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"reason": "Le Client a renoncé à la prestation."}]},
    )

    reason: Reason


def deadline_out(line: Line) -> DeadlineOut:
    row = line.deadline
    return DeadlineOut(
        id=row.pk,
        dispositif=row.dispositif.slug,
        organisation=row.organisation.name,
        title=row.title,
        code=row.milestone.code if row.milestone else row.code,
        solution=row.solution_id,
        prestation=row.prestation_id,
        client=row.prestation.client.name if row.prestation else "",
        due_at=row.due_at,
        channel=line.channel,
        state=State(row.state),
        label=line.state,
        is_late=row.is_open and line.left.overdue,
        blocked_by=[UnmetOut(reason=one.reason, who=one.who, by=one.by) for one in line.unmet],
        receipt_number=line.filed.receipt_number if line.filed else None,
    )


def draft_out(draft: Filing) -> DraftOut:
    return DraftOut(
        deadline=draft.deadline_id,
        number=draft.number,
        deposited_at=draft.deposited_at,
        external_reference=draft.external_reference,
        comment=draft.comment,
        proofs=[proof.name for proof in draft.proofs.current()],
    )


def filing_out(filing: Filing) -> FilingOut:
    return FilingOut.model_validate(
        {
            "deadline": filing.deadline_id,
            "number": filing.number,
            "receipt_number": filing.receipt_number,
            "receipt_sha256": filing.receipt_sha256,
            "deposited_at": filing.deposited_at,
            "recorded_at": filing.recorded_at,
            "external_reference": filing.external_reference,
            "decision": filing.decision,
            "decision_reason": filing.decision_reason,
        }
    )


def _seen(request: HttpRequest) -> Any:
    return Deadline.objects.visible_to(reader(request))


def _get(request: HttpRequest, pk: int) -> Deadline:
    found: Deadline = get_object_or_404(_seen(request).with_subject(), pk=pk)
    return found


def _shown(rows: Sequence[Deadline]) -> list[DeadlineOut]:
    """In the order of the page, which is that of keys."""
    found = Deadline.objects.filter(pk__in=[row.pk for row in rows]).order_by("-pk")
    return [deadline_out(line) for line in lines(found, now=timezone.now())]


@operation(
    router,
    "GET",
    "/deadlines",
    name="deadline_list",
    scope=Scope.READ,
    summary="Lister les échéances",
    description="Avec ce qui manque pour déposer chacune, et qui doit agir.",
    answers={200: (Deadlines, "Une page d'échéances.")},
)
def deadline_list(request: HttpRequest, filters: Annotated[DeadlineFilters, Query()]) -> Any:
    asked = {
        "state": filters.state,
        "dispositif__slug": filters.dispositif,
        "solution": filters.solution,
        "prestation": filters.prestation,
        "due_at__lt": filters.due_before,
    }
    narrowed = {name: value for name, value in asked.items() if value is not None}
    return page_of(request, _seen(request).filter(**narrowed), filters, _shown)


@operation(
    router,
    "GET",
    "/deadlines/{int:pk}",
    name="deadline_read",
    scope=Scope.READ,
    summary="Lire une échéance",
    answers={200: (DeadlineOut, "L'échéance.")},
)
def deadline_read(request: HttpRequest, pk: RowId) -> DeadlineOut:
    return _shown([_get(request, pk)])[0]


@operation(
    router,
    "POST",
    "/deadlines/{int:pk}/draft",
    name="draft_save",
    scope=Scope.DEPOSITS,
    uploads=True,
    summary="Enregistrer un brouillon",
    description="Enregistrer n'est pas déposer. Les pièces s'ajoutent à celles du brouillon.",
    answers={200: (DraftOut, "Le brouillon.")},
)
def draft_save(
    request: HttpRequest,
    pk: RowId,
    payload: Annotated[DraftIn, Form()],
    proofs: Annotated[list[UploadedFile], File()] = [],  # noqa: B006  (read by ninja, never kept)
) -> DraftOut:
    row = _get(request, pk)
    require(can_prepare(reader(request), row.organisation_id), MUST_PREPARE)
    return draft_out(_save(request, row, payload, proofs))


def _save(
    request: HttpRequest, row: Deadline, payload: DraftIn, proofs: Sequence[UploadedFile]
) -> Filing:
    by = acting(request)
    if payload.document_date and payload.document_date > paris.day(by.at):
        raise ValidationError({"document_date": FUTURE})
    names = ("deposited_at", "external_reference", "comment")
    said = {name: getattr(payload, name) for name in names}
    uploads: list[DjangoFile[Any]] = [*proofs, *map(take, payload.uploads)]
    return drafts.save_draft(
        deadline=row,
        by=by,
        document_date=payload.document_date,
        proofs=uploads,
        **{name: value for name, value in said.items() if value is not None},
    )


@operation(
    router,
    "POST",
    "/deadlines/{int:pk}/filings",
    name="filing_create",
    scope=Scope.DEPOSITS,
    uploads=True,
    summary="Déposer, ou déclarer un dépôt fait ailleurs",
    description=(
        "Avec les pièces du brouillon et celles de cet envoi. Le récépissé part aussi par "
        "courriel. Refusé, ce qui est juste reste dans le brouillon, pièces comprises."
    ),
    answers={201: (FilingOut, "Dépôt enregistré, avec son récépissé.")},
    refusals={409: "Une condition manque : `detail` dit laquelle et qui doit agir."},
)
def filing_create(
    request: HttpRequest,
    pk: RowId,
    payload: Annotated[FilingIn, Form()],
    proofs: Annotated[list[UploadedFile], File()] = [],  # noqa: B006  (read by ninja, never kept)
) -> Status[FilingOut]:
    row = _get(request, pk)
    require(can_prepare(reader(request), row.organisation_id), MUST_PREPARE)
    require(can_file(reader(request), row.organisation_id), MUST_FILE)
    if row.milestone and row.milestone.channel != Channel.HERE and not payload.declared:
        raise ValidationError({"declared": NOT_DECLARED})
    _save(request, row, payload, proofs)
    try:
        filing = filings.file(
            deadline=row,
            by=acting(request),
            deposited_at=payload.deposited_at,
            out_of_order=payload.out_of_order,
        )
    except filings.GateClosed as gate:
        raise HttpError(409, " ".join(gate.sentences)) from None
    return Status(201, filing_out(filing))


@operation(
    router,
    "POST",
    "/deadlines/{int:pk}/set-aside",
    name="deadline_set_aside",
    scope=Scope.DEPOSITS,
    summary="Déclarer une échéance sans objet",
    answers={200: (DeadlineOut, "L'échéance, sans objet.")},
)
def deadline_set_aside(request: HttpRequest, pk: RowId, payload: ReasonIn) -> DeadlineOut:
    row = _get(request, pk)
    decisions.set_aside(row, reason=payload.reason, by=acting(request))
    return _shown([row])[0]


class FilingFilters(Page):
    deadline: OptionalKey = Field(None, description="Une échéance.")


@operation(
    router,
    "GET",
    "/filings",
    name="filing_list",
    scope=Scope.READ,
    summary="Lister les dépôts",
    description="Ceux qui ont un récépissé, le dernier préparé d'abord.",
    answers={200: (Filings, "Une page de dépôts.")},
)
def filing_list(request: HttpRequest, filters: Annotated[FilingFilters, Query()]) -> Any:
    found = Filing.objects.visible_to(reader(request)).filed().exclude(receipt_number=None)
    if filters.deadline:
        found = found.filter(deadline=filters.deadline)
    return page_of(request, found, filters, lambda rows: [filing_out(row) for row in rows])


@operation(
    router,
    "GET",
    "/receipts/{number}",
    name="receipt_read",
    scope=Scope.READ,
    summary="Lire un récépissé",
    description="Le contenu scellé : instants, pièces et empreintes.",
    answers={200: (dict[str, Any], "Le récépissé.")},
)
def receipt_read(request: HttpRequest, number: Number) -> Any:
    seen = Filing.objects.visible_to(reader(request)).filed()
    filing = get_object_or_404(seen, receipt_number=number)
    return filing.receipt
