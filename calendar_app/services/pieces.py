"""The dossiers of proofs: what the ANS expects, and each piece that an organisation prepares."""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from accounts.models import User
from accounts.permissions import can_prepare
from calendar_app.enums import PieceState
from calendar_app.models import Deadline, ExpectedPiece, Milestone, Piece, PieceFile
from calendar_app.permissions import can_edit_expected_pieces
from calendar_app.selectors.pieces import PieceLine, piece_line
from calendar_app.services.deadlines import journal, lock
from documents.services.proofs import shelf
from journal.rules.by import By
from journal.rules.workflow import LABELS
from journal.services.changes import save_edited
from journal.services.readings import check_reading
from segur.lib import paris

DATA_FILE = Path(__file__).resolve().parent.parent / "data" / "pieces.toml"
TO_CONFIRM = "À confirmer : dossier de spécification du référencement"
EXPECTED = ("milestone", "label", "help", "source", "position", "is_required", "retired_at")
LABELS.update(
    {
        "expected_piece.create": "Pièce attendue ajoutée",
        "expected_piece.update": "Pièce attendue modifiée",
        "deadline.piece": "Pièce du dossier enregistrée",
    }
)
MUST_LEAD = "Seul un responsable de l'ANS modifie les pièces attendues."
MUST_PREPARE = "Seuls les membres de l'organisation préparent ce dossier."
RETIRED, ASKED = "Est déjà retirée.", "Est déjà demandée."
CLOSED = "Cette échéance est à l'état « {state} » : son dossier ne change plus."
NO_FILE = "Joignez le fichier de la pièce : elle est prête quand il est là."
NO_REASON = "Indiquez pourquoi cette pièce est sans objet."
GONE = "Cette pièce n'est plus dans le dossier : rechargez la page."
KNOWN = "Le dossier a déjà une pièce de ce nom."


@transaction.atomic
def load_pieces() -> None:
    """Make the lines that were never there. Idempotent: what the site has edited or retired since
    stays as it is.
    """
    rows = tomllib.loads(DATA_FILE.read_text(encoding="utf-8"))["pieces"]
    known = set(ExpectedPiece.objects.values_list("milestone__code", "code"))
    milestones = Milestone.objects.in_bulk(field_name="code")
    ExpectedPiece.objects.bulk_create(
        ExpectedPiece(
            milestone=milestones[jalon],
            code=row["code"],
            label=row["intitule"],
            help=row["explication"],
            source=TO_CONFIRM,
            position=place,
            is_required=not row.get("facultative", False),
        )
        for place, row in enumerate(rows, 1)
        for jalon in row["jalons"]
        if jalon in milestones and (jalon, row["code"]) not in known
    )


@transaction.atomic
def save_expected(item: ExpectedPiece, *, read: str | None = None, by: By) -> ExpectedPiece:
    """Add or change a line of the list of a milestone; `read`: the stamp of the page. Raises
    PermissionDenied, ValidationError.
    """
    if not can_edit_expected_pieces(by.actor):
        raise PermissionDenied(MUST_LEAD)
    save_edited(item, "expected_piece", EXPECTED, read=read, by=by)
    return item


@transaction.atomic
def retire_expected(rows: Sequence[ExpectedPiece], *, at: dt.datetime | None, by: By) -> None:
    """No longer asked from `at` on; asked again for None. Raises PermissionDenied."""
    for row in rows:
        row.retired_at = at
        save_expected(row, by=by)


def save_piece(
    deadline: Deadline,
    code: str,
    *,
    state: PieceState,
    person: User | None = None,
    due_on: dt.date | None = None,
    note: str = "",
    uploads: Sequence[UploadedFile[Any]] = (),
    read: str | None = None,
    by: By,
) -> Piece:
    """Where a piece stands, who has it, and its files. All or nothing: ValidationError for a closed
    deadline, a piece that is ready without a file, one set aside without a reason, a stale page.
    """
    with shelf() as kept, transaction.atomic():
        row = _open(deadline, by)
        line = piece_line(row, code)
        if line is None:
            raise ValidationError(GONE)
        piece = line.piece or Piece(deadline=row, code=code, label=line.label)
        if read is not None and piece.changed_at:
            check_reading(
                read,
                at=piece.changed_at,
                who=piece.changed_by_name,
                what=f"enregistré cette pièce ({piece.get_state_display().lower()})",
            )
        _check(line, state, note, uploads)
        piece.label, piece.state, piece.note = line.label, state, note.strip()
        piece.person, piece.due_on = person, due_on
        piece.changed_at, piece.changed_by_name = by.at, by.name
        piece.save()
        joined = piece.files.all()
        kept.put(lambda: PieceFile(piece=piece), uploads, by=by, joined=joined)
        journal(row, "piece", by=by, what=f"Pièce « {piece} » : {_words(piece, uploads)}"[:300])
    return piece


def _open(deadline: Deadline, by: By) -> Deadline:
    row = lock(deadline)
    if not can_prepare(by.actor, row.organisation_id):
        raise PermissionDenied(MUST_PREPARE)
    if not row.is_open:
        raise ValidationError(CLOSED.format(state=row.get_state_display()), code="closed")
    return row


def _check(line: PieceLine, state: PieceState, note: str, uploads: Sequence[object]) -> None:
    if state == PieceState.READY and not (uploads or line.files):
        raise ValidationError({"uploads": NO_FILE})
    if state == PieceState.NOT_APPLICABLE and not note.strip():
        raise ValidationError({"note": NO_REASON})


def _words(piece: Piece, uploads: Sequence[UploadedFile[Any]]) -> str:
    words = [PieceState(piece.state).label.lower()]
    if piece.due_on:
        words.append(f"pour le {paris.long_day(piece.due_on)}")
    words += [f"fichier {upload.name}" for upload in uploads]
    return ", ".join(words)


@transaction.atomic
def add_piece(deadline: Deadline, *, label: str, by: By) -> Piece:
    """A line of the organisation's own. Raises ValidationError."""
    row = _open(deadline, by)
    own = row.pieces.filter(is_own=True)
    if own.filter(label__iexact=label.strip()).exists():
        raise ValidationError({"label": KNOWN})
    piece = Piece.objects.create(
        deadline=row,
        code=f"propre-{own.count() + 1}",
        label=label.strip(),
        is_own=True,
        changed_at=by.at,
        changed_by_name=by.name,
    )
    journal(row, "piece", by=by, what=f"Pièce « {piece} » : ajoutée au dossier"[:300])
    return piece
