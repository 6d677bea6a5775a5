"""The portals of a DRIMbox Client: inscribed, informed, brought to the requirements or ended."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from functools import partial
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from calendar_app.models import Prestation
from documents.services.proofs import shelf
from journal.rules.by import By
from journal.services.acts import lock_row
from journal.services.changes import facts, save_checked, write_change
from journal.services.readings import check_reading
from pilots.enums import PortalOutcome, PortalProof
from pilots.va.models import Portal, PortalAbsence, PortalAbsenceFile, PortalFile
from pilots.va.rules.installation import day_problem
from segur.lib import paris

INFORMED, OUTCOME = PortalProof.INFORMED, PortalProof.OUTCOME
FACTS = ("name", "informed_on", "outcome", "done_on", "note")
ONLY_DRIMBOX = "Les portails de diffusion se suivent sur une prestation DRIMbox."
NO_DAY = "Indiquez depuis quel jour."
NO_OUTCOME = (
    "Cette date va avec une suite : précisez si le portail intègre les exigences ou est arrêté."
)
NO_PROOF = "Cette suite demande sa preuve : joignez au moins une pièce."
NO_INFORMED_PROOF = (
    "Cette date demande sa preuve : joignez le message ou le document qui a informé le Client."
)
HAS_PORTAL = "Un portail de ce Client est inscrit : indiquez sa suite sur sa page."
NO_ABSENCE_PROOF = "Joignez la preuve : ce que le Client a écrit ou signé."
NO_REASON = "Indiquez pourquoi la suite change : la remarque sera gardée dans l'historique."


def _unproven_outcome(
    row: Portal, outcome: PortalOutcome, note: str, proofs: Sequence[UploadedFile[Any]]
) -> dict[str, str]:
    """Field → what an outcome lacks: its proof, and a reason where it replaces another."""
    found = {}
    changed = row.outcome != outcome
    if changed and row.outcome != PortalOutcome.PENDING and note.strip() in {"", row.note}:
        found["note"] = NO_REASON
    if outcome != PortalOutcome.PENDING and not proofs and (changed or not _has(row, OUTCOME)):
        found["proofs"] = NO_PROOF
    return found


def portal_save(
    prestation: Prestation,
    *,
    portal: Portal | None = None,
    name: str,
    informed_on: dt.date | None = None,
    outcome: PortalOutcome = PortalOutcome.PENDING,
    done_on: dt.date | None = None,
    note: str = "",
    proofs: Sequence[UploadedFile[Any]] = (),
    informed_proofs: Sequence[UploadedFile[Any]] = (),
    read: str = "",
    by: By,
) -> Portal:
    """Record a portal, or its outcome; `read` is the stamp of the `portal` read. One
    that is inscribed ends the absence recorded before.

    The row is locked: a call based on an older reading writes nothing and raises. Raises
    ValidationError, by field.
    """
    if not prestation.dispositif.has_va:
        raise ValidationError(ONLY_DRIMBOX)
    with shelf() as kept, transaction.atomic():
        lock_row(prestation)  # no absence is recorded meanwhile
        row = _lock(portal, read) if portal else Portal(prestation=prestation)
        found = _days(informed_on=informed_on, outcome=outcome, done_on=done_on, now=by.at)
        found |= _unproven_outcome(row, outcome, note, proofs)
        newly = informed_on is not None and informed_on != row.informed_on
        if newly and not informed_proofs and not _has(row, INFORMED):
            found["informed_proofs"] = NO_INFORMED_PROOF
        if found:
            raise ValidationError(dict(found))
        before = facts(row, FACTS) if portal else None
        row.name, row.note, row.outcome = name.strip(), note.strip(), outcome
        row.informed_on, row.done_on = informed_on, done_on
        row.recorded_by_name, row.recorded_at = by.name, by.at
        save_checked(row)
        if portal is None:
            _end_absence(prestation, by.at)
        files: list[PortalFile] = []
        for about, uploads in ((INFORMED, informed_proofs), (OUTCOME, proofs)):
            file = partial(PortalFile, portal=row, about=about)
            files += kept.put(file, uploads, by=by)
        act = "portal.update" if portal else "portal.create"
        write_change(
            row,
            act,
            before=before,
            after=facts(row, FACTS),
            besides=(f"Pièce ajoutée : {file.name}" for file in files),
            label=f"{row} · {prestation}",
            organisation_id=prestation.organisation_id,
            by=by,
        )
    return row


def absence_save(
    prestation: Prestation,
    *,
    stated_on: dt.date,
    note: str = "",
    proofs: Sequence[UploadedFile[Any]] = (),
    by: By,
) -> PortalAbsence:
    """Record that this Client has no image-sharing portal; a second record replaces the first.

    Raises ValidationError, by field.
    """
    if not prestation.dispositif.has_va:
        raise ValidationError(ONLY_DRIMBOX)
    with shelf() as kept, transaction.atomic():
        lock_row(prestation)  # no portal is recorded meanwhile
        if prestation.portals.exists():
            raise ValidationError(HAS_PORTAL)
        found = {}
        if problem := day_problem(stated_on, paris.day(by.at)):
            found["stated_on"] = problem
        if not proofs:
            found["proofs"] = NO_ABSENCE_PROOF
        if found:
            raise ValidationError(dict(found))
        _end_absence(prestation, by.at)
        row = PortalAbsence.objects.create(
            prestation=prestation,
            stated_on=stated_on,
            note=note.strip(),
            recorded_by_name=by.name,
            recorded_at=by.at,
        )
        kept.put(lambda: PortalAbsenceFile(absence=row), proofs, by=by)
        stated = facts(row, ("stated_on", "note"))
        write_change(
            row,
            "portal.absence",
            before=None,
            after=stated,
            label=f"{row} · {prestation}",
            organisation_id=prestation.organisation_id,
            by=by,
        )
    return row


def _end_absence(prestation: Prestation, now: dt.datetime) -> None:
    PortalAbsence.objects.filter(prestation=prestation, ended_at=None).update(ended_at=now)


def _has(row: Portal, about: PortalProof) -> bool:
    return bool(row.pk) and row.files.filter(about=about).exists()


def _lock(portal: Portal, read: str) -> Portal:
    row = lock_row(portal)
    check_reading(read, at=row.recorded_at, who=row.recorded_by_name, what="modifié ce portail")
    return row


def _days(
    *,
    informed_on: dt.date | None,
    outcome: PortalOutcome,
    done_on: dt.date | None,
    now: dt.datetime,
) -> dict[str, str]:
    found = {}
    for name, day in (("informed_on", informed_on), ("done_on", done_on)):
        if day and (problem := day_problem(day, paris.day(now))):
            found[name] = problem
    if outcome != PortalOutcome.PENDING and done_on is None:
        found["done_on"] = NO_DAY
    if outcome == PortalOutcome.PENDING and done_on:
        found["outcome"] = NO_OUTCOME
    return found
