"""Stamping a filing: the receipt's content, number and digest, fixed at recording."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, TypeVar

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404

from calendar_app.enums import Channel
from calendar_app.models import Deadline, Filing, FilingBatch, Proof
from calendar_app.rules.filing import (
    STATEMENT_ELSEWHERE,
    STATEMENT_HERE,
    STATEMENT_NONE,
    is_in_time,
)
from calendar_app.rules.parameters import NOON_IN_TIME
from documents.services.integrity import check_seal
from journal.rules.by import By
from parameters.selectors import value
from segur.lib import paris
from segur.lib.canonical import canonical, digest

Sealed = TypeVar("Sealed", Filing, FilingBatch)


def seal(filing: Filing, deadline: Deadline, proofs: Iterable[Proof] | None = None) -> None:
    """Give the filing its receipt (instants in UTC, files with SHA-256), not yet saved.

    `proofs`: those of the filing, where they are known. Anybody recomputes the digest from
    `segur.lib.canonical`.
    """
    recorded_at, deposited_at = filing.recorded_at, filing.deposited_at
    if recorded_at is None or deposited_at is None:
        raise ValueError("a receipt needs both instants")
    filing.receipt_number = f"REC-{paris.day(recorded_at).year}-{filing.pk:06}"
    exact = bool(value(NOON_IN_TIME, at=deposited_at))
    filing.receipt = {
        "numero": filing.receipt_number,
        "organisation": deadline.organisation.name,
        "dispositif": deadline.dispositif.code,
        "objet": str(deadline.subject),
        "echeance": deadline.title,
        "avant_le": deadline.due_at.isoformat() if deadline.due_at else None,
        "version_du_calendrier": deadline.version,
        "depose_le": deposited_at.isoformat(),
        "enregistre_le": recorded_at.isoformat(),
        "enregistre_par": filing.recorded_by_name,
        "dans_les_delais": (
            is_in_time(deposited_at, deadline.due_at, exact_is_in_time=exact)
            if deadline.due_at
            else None
        ),
        "canal": deadline.channel.label,
        "reference": filing.external_reference,
        "commentaire": filing.comment,
        "origine": filing.get_origin_display(),
        "pieces": [
            _file(proof) for proof in (filing.proofs.current() if proofs is None else proofs)
        ],
        "mention": statement(deadline),
    }
    filing.receipt_sha256 = digest(filing.receipt)


def sealed(rows: QuerySet[Sealed], number: str) -> Sealed:
    """Of these rows, the one of this receipt, once its content is found to be what was sealed.
    Raises Http404 and AlteredError."""
    found = get_object_or_404(rows, receipt_number=number)
    check_seal(canonical(found.receipt), sha256=found.receipt_sha256 or "", number=number)
    return found


def seal_batch(batch: FilingBatch, filings: Sequence[Filing], *, by: By) -> None:
    """The receipt of deposits declared together: what they share, and the receipt of each with its
    digest. Saved."""
    first = filings[0]
    one = first.receipt or {}
    shared = ("organisation", "dispositif", "echeance", "avant_le", "canal", "depose_le")
    batch.receipt_number = f"LOT-{paris.day(by.at).year}-{batch.pk:06}"
    batch.receipt = {
        "numero": batch.receipt_number,
        **{name: one[name] for name in shared},
        "enregistre_le": by.at.isoformat(),
        "enregistre_par": by.name,
        "reference": one["reference"],
        "mention": one["mention"],
        "depots": [_deposit(filing) for filing in filings],
    }
    batch.receipt_sha256 = digest(batch.receipt)
    batch.save()


def _deposit(filing: Filing) -> dict[str, Any]:
    receipt = filing.receipt or {}
    return {
        "recepisse": filing.receipt_number,
        "objet": receipt["objet"],
        "dans_les_delais": receipt["dans_les_delais"],
        "pieces": [{"nom": one["nom"], "sha256": one["sha256"]} for one in receipt["pieces"]],
        "sha256": filing.receipt_sha256,
    }


def statement(deadline: Deadline) -> str:
    if deadline.channel == Channel.HERE:
        return STATEMENT_HERE
    if deadline.channel == Channel.NONE:
        return STATEMENT_NONE
    return STATEMENT_ELSEWHERE.format(channel=deadline.channel.place)


def _file(proof: Any) -> dict[str, Any]:
    day = proof.document_date
    return {
        "nom": proof.name,
        "octets": proof.size,
        "sha256": proof.sha256,
        "date_du_document": day.isoformat() if day else None,
    }
