"""Drafts: everything that may be prepared before filing. Saving is not filing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any, TypedDict, Unpack

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.text import Truncator

from calendar_app.enums import FilingStatus, State
from calendar_app.models import Deadline, Filing, Proof
from calendar_app.services.deadlines import journal, lock, move
from documents.services.proofs import shelf
from journal.rules.by import By
from journal.services.readings import check_reading, stamp
from segur.lib import paris


class DraftValues(TypedDict, total=False):
    """What a draft may hold; a key that is absent keeps what it had."""

    comment: str
    external_reference: str
    deposited_at: dt.datetime | None


def save_draft(
    *,
    deadline: Deadline,
    by: By,
    document_date: dt.date | None = None,
    proofs: Sequence[UploadedFile[Any]] = (),
    read: str | None = None,
    **values: Unpack[DraftValues],
) -> Filing:
    """Create or complete the draft. `document_date` is that of the files given with it; `read`, the
    stamp of the draft that the person has read (`stamp_of`), where a page was read.

    All or nothing: a bad file, or an older reading, stores no file and changes no row
    (ValidationError).
    """
    with shelf() as kept, transaction.atomic():
        row = lock(deadline)
        filing = draft_of(row, by)
        if read is not None and filing.saved_at:
            check_reading(
                read, at=filing.saved_at, who=filing.saved_by_name, what=_what_was_saved(filing)
            )
        filing.saved_by_name, filing.saved_at = by.name, by.at
        for name, value in values.items():
            setattr(filing, name, value)
        filing.save()
        kept.put(
            lambda: Proof(filing=filing),
            proofs,
            by=by,
            document_date=document_date,
            joined=filing.proofs.current(),
        )
        if row.state == State.TO_DO:
            move(row, "draft", by=by)
    return filing


def stamp_of(draft: Filing | None) -> str:
    return stamp(draft.saved_at) if draft else ""


def _what_was_saved(draft: Filing) -> str:
    parts = [f"déposé le {paris.minute(draft.deposited_at)}"] if draft.deposited_at else []
    if draft.external_reference:
        parts.append(f"accusé « {draft.external_reference} »")
    if draft.comment:
        parts.append(f"commentaire « {Truncator(draft.comment).chars(200)} »")
    return "enregistré ce brouillon" + (f" ({', '.join(parts)})" if parts else "")


def draft_of(deadline: Deadline, by: By) -> Filing:
    """The draft of a locked deadline; a correction starts with the proofs of what it corrects."""
    if deadline.is_delay:
        raise ValidationError(
            "Rien ne se dépose pour ce délai : il se tient sur la page qui l'a ouvert.",
            code="delay",
        )
    if not deadline.is_open:
        raise ValidationError(
            f"Cette échéance est à l'état « {deadline.get_state_display()} » : "
            "on ne peut plus y préparer de dépôt.",
            code="closed",
        )
    draft = deadline.filings.filter(status=FilingStatus.DRAFT).first()
    if draft:
        return draft
    last = deadline.filings.order_by("-number").first()
    draft = Filing.objects.create(
        deadline=deadline,
        number=last.number + 1 if last else 1,
        prepared_by=by.actor,
        prepared_at=by.at,
    )
    if corrected := deadline.filings.filed().order_by("-number").first():
        _carry_over(corrected, draft)
    return draft


def _carry_over(source: Filing, draft: Filing) -> None:
    for proof in source.proofs.current():
        proof.pk, proof.filing = None, draft
        proof.save()


@transaction.atomic
def withdraw_proof(proof: Proof, *, by: By) -> None:
    """Take a file out of a draft. The file itself is kept; a filed proof cannot be withdrawn."""
    row = lock(proof.filing.deadline)
    status = Filing.objects.values_list("status", flat=True).get(pk=proof.filing_id)
    if status != FilingStatus.DRAFT:
        raise ValidationError("Ce dépôt est enregistré : ses pièces ne changent plus.")
    if Proof.objects.filter(pk=proof.pk, withdrawn_at=None).update(withdrawn_at=by.at):
        journal(row, "proof", by=by, what="Pièce retirée du brouillon", note=proof.name)


@transaction.atomic
def abandon_draft(deadline: Deadline, *, by: By) -> None:
    """Give a draft up: nothing was filed, the deadline is to do again (or still to correct)."""
    row = lock(deadline)
    if not row.filings.filter(status=FilingStatus.DRAFT).update(status=FilingStatus.ABANDONED):
        raise ValidationError("Cette échéance n'a plus de brouillon.")
    if row.state == State.DRAFT:
        move(row, "abandon", by=by)
    else:
        journal(row, "abandon", by=by, what="Brouillon abandonné")
