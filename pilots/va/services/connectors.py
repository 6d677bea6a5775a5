"""The state of a half-connector: one act, dated, signed, with its proof."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from calendar_app.models import Prestation
from documents.services.proofs import shelf
from journal.models import Entry
from journal.rules.by import By
from journal.services.acts import lock_row
from journal.services.changes import facts, save_checked, write_change
from journal.services.readings import check_reading
from pilots.enums import ConnectorKind, ConnectorState
from pilots.va.models import Connector, ConnectorFile
from pilots.va.rules.installation import CONNECTOR_ACTS, day_problem, kinds_of, needs_reason
from segur.lib import paris

FACTS = ("state", "on", "note")
NOT_HERE = "Ce demi-connecteur ne fait pas partie de cette prestation."
NO_DAY = "Indiquez le jour où cela a été fait."
NO_PROOF = "Un demi-connecteur n'est validé qu'avec sa preuve : joignez au moins une pièce."
NO_REASON = "Indiquez le motif : la remarque sera gardée dans l'historique."
BEFORE_TEST = "Le test est du {day:%d/%m/%Y} : la validation ne peut pas venir avant."


def set_connector(
    prestation: Prestation,
    kind: ConnectorKind,
    *,
    state: ConnectorState,
    on: dt.date | None = None,
    note: str = "",
    proofs: Sequence[UploadedFile[Any]] = (),
    read: str = "",
    by: By,
) -> Connector:
    """Set a half-connector; `read` is the stamp of the line that the person has read.

    The prestation is locked first, so of two people acting at the same second the second finds
    another stamp than the one read and writes nothing; the refusal names who acted. Raises
    ValidationError, by field.
    """
    with shelf() as kept, transaction.atomic():
        row = _lock(prestation, kind, read)
        found = _problems(row, state=state, on=on, note=note, proofs=proofs, now=by.at)
        if found:
            raise ValidationError(dict(found))
        before = facts(row, FACTS) if row.pk else None
        row.state, row.on, row.note = state, on, note.strip()
        row.recorded_by_name, row.recorded_at = by.name, by.at
        save_checked(row)
        files = kept.put(lambda: ConnectorFile(connector=row), proofs, by=by, document_date=on)
        write_change(
            row,
            CONNECTOR_ACTS[state],
            before=before,
            after=facts(row, FACTS),
            besides=(f"Pièce ajoutée : {file.name}" for file in files),
            label=f"{row} · {prestation}",
            organisation_id=prestation.organisation_id,
            by=by,
        )
    return row


def _lock(prestation: Prestation, kind: ConnectorKind, read: str) -> Connector:
    locked = lock_row(prestation, "dispositif")
    if kind not in kinds_of(is_drimbox=locked.dispositif.has_va):
        raise ValidationError(NOT_HERE)
    row = Connector.objects.filter(prestation=locked, kind=kind).first()
    if row:
        what = f"passé ce demi-connecteur à « {row.get_state_display()} »"
        check_reading(read, at=row.recorded_at, who=row.recorded_by_name, what=what)
    return row or Connector(prestation=locked, kind=kind)


def _problems(
    row: Connector,
    *,
    state: ConnectorState,
    on: dt.date | None,
    note: str,
    proofs: Sequence[UploadedFile[Any]],
    now: dt.datetime,
) -> dict[str, str]:
    """Field → French sentence."""
    found = {}
    before = ConnectorState(row.state)
    if on is None and state != ConnectorState.TO_DO:
        found["on"] = NO_DAY
    elif on and (problem := day_problem(on, paris.day(now))):
        found["on"] = problem
    elif on and state == ConnectorState.VALIDATED and _was_tested_after(row, on):
        found["on"] = BEFORE_TEST.format(day=row.on)
    if needs_reason(before, state) and not note.strip():
        found["note"] = NO_REASON
    if state == ConnectorState.VALIDATED and not proofs and not _has_proof(row):
        found["proofs"] = NO_PROOF
    return found


def _was_tested_after(row: Connector, day: dt.date) -> bool:
    return row.state == ConnectorState.TESTED and row.on is not None and day < row.on


def _has_proof(row: Connector) -> bool:
    """A piece already on file: any, while it is validated or never was; else one put since the
    last validation that was taken back, whose own proofs do not uphold the next.
    """
    if not row.pk:
        return False
    files = row.files.all()
    if row.state != ConnectorState.VALIDATED:
        validations = Entry.objects.of(row).filter(act=CONNECTOR_ACTS[ConnectorState.VALIDATED])
        if last := validations.order_by("-pk").first():
            files = files.filter(uploaded_at__gt=last.at)
    return files.exists()
