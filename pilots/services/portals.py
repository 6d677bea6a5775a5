"""The portals of a DRIMbox Client: inscribed, informed, brought to the requirements or ended."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from calendar_app.services.history import save_signed
from calendar_app.services.proofs import shelf
from calendar_app.services.readings import check_reading
from pilots.enums import PortalOutcome
from pilots.models import Portal, PortalFile
from pilots.rules.installation import day_problem
from segur.lib import paris

if TYPE_CHECKING:
    from accounts.models import User
    from calendar_app.models import Prestation

ONLY_DRIMBOX = "Les portails de diffusion se suivent sur une prestation DRIMbox."
NO_DAY = "Indiquez depuis quel jour."
NO_OUTCOME = (
    "Cette date va avec une suite : dites si le portail intègre les exigences ou est arrêté."
)
NO_PROOF = "Cette suite demande sa preuve : joignez au moins une pièce."
NO_REASON = "Dites pourquoi la suite change : la remarque sera gardée dans l'historique."


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
    read: str = "",
    actor: User,
    now: dt.datetime,
) -> Portal:
    """Inscribe a portal, or say what became of it; `read` is the stamp of the `portal` read.

    The row is locked: who acts on an older reading writes nothing and is told. Raises
    ValidationError, by field.
    """
    if not prestation.dispositif.needs_proxy:
        raise ValidationError(ONLY_DRIMBOX)
    with shelf() as kept, transaction.atomic():
        row = _lock(portal, read) if portal else Portal(prestation=prestation)
        found = _days(informed_on=informed_on, outcome=outcome, done_on=done_on, now=now)
        changed = row.outcome != outcome
        if changed and row.outcome != PortalOutcome.PENDING and note.strip() in {"", row.note}:
            found["note"] = NO_REASON
        if outcome != PortalOutcome.PENDING and not proofs and (changed or not row.files.exists()):
            found["proofs"] = NO_PROOF
        if found:
            raise ValidationError(dict(found))
        row.name, row.note, row.outcome = name.strip(), note.strip(), outcome
        row.informed_on, row.done_on = informed_on, done_on
        row.recorded_by_name, row.recorded_at = str(actor), now
        save_signed(row, actor=actor, now=now)
        kept.put(lambda: PortalFile(portal=row), proofs, actor=actor, now=now)
    return row


def _lock(portal: Portal, read: str) -> Portal:
    row = Portal.objects.select_for_update(of=("self",), no_key=True).get(pk=portal.pk)
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
