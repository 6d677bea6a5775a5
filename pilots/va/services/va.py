"""Recording and correcting the VA of a DRIMbox prestation (DOMAIN §6)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from calendar_app.models import Prestation
from documents.services.fates import UploadFate, fate_of
from documents.services.proofs import Shelf, shelf
from journal.models import Entry
from journal.rules.by import By
from journal.services.acts import lock_row
from journal.services.changes import save_checked
from journal.services.entries import write
from journal.services.readings import check_reading, stamp
from pilots.checklists.models import ChecklistItem
from pilots.checklists.selectors import lines
from pilots.enums import Checklist, ConditionState
from pilots.va.models import VA, VACondition, VAFile
from pilots.va.rules.va import ACTS, Problems, VADeclaration, va_problems
from segur.lib import paris

Uploads = Sequence["UploadedFile[Any]"]

FACTS = {
    "case": "cas",
    "finalised_on": "prestation finalisée le",
    "ris_vague2_on": "RIS en Vague 2 depuis le",
    "signed_on": "signée le",
    "signatory_name": "signataire",
    "signatory_role": "qualité du signataire",
    "comment": "observations",
}
"""What a VA says besides its conditions, as the journal names it."""
SIGNED_TYPES = ("application/pdf", "image/png", "image/jpeg")
NOT_DRIMBOX = "La VA ne concerne que les prestations DRIMbox."
ALREADY = "La VA de cette prestation est déjà enregistrée : ouvrez-la, et corrigez-la s'il le faut."
NO_FILE = "Joignez la VA signée par le Client."
NO_REASON = "Écrivez le motif : il sera gardé dans le journal."
NO_CHANGE = "Rien n'a changé : il n'y a rien à corriger."
UNKNOWN_CONDITION = "Cette condition n'est pas de cette VA : rechargez la page."
NOTIFIED = (
    "Le Client a notifié la mise à jour de son RIS le {day:%d/%m/%Y} : le cas et les conditions "
    "reportées ne changent plus."
)
SIGNED_LATER = "Le Client a notifié le {day:%d/%m/%Y} : la VA a été signée ce jour-là ou avant."


def record(prestation: Prestation, *, declared: VADeclaration, proofs: Uploads, by: By) -> VA:
    """The VA that the Client signed, with its conditions, copied from the check-list of the day.

    The prestation is locked: of two concurrent calls one succeeds, the other raises. Raises
    ValidationError.
    """
    with shelf() as kept, transaction.atomic():
        row = lock_row(prestation)
        if not row.dispositif.has_va:
            raise ValidationError(NOT_DRIMBOX)
        if VA.objects.filter(prestation=row).exists():
            raise ValidationError(ALREADY)
        asked = lines(Checklist.VA)
        refuse(va_problems(declared, today=paris.day(by.at)))
        _require_known(declared, (line.code for line in asked))
        if not proofs:
            raise ValidationError({"proofs": NO_FILE})
        va = VA(prestation=row, recorded_by=by.actor, recorded_at=by.at)
        _fill(va, declared)
        save_checked(va)
        for line in asked:
            save_checked(_condition(va, line, declared))
        put_signed(kept, va, proofs, by=by)
        journal(va, "record", by=by, note=_summary(va, declared))
    return va


def correct(
    va: VA,
    *,
    declared: VADeclaration,
    reason: str,
    proofs: Uploads = (),
    read: str | None = None,
    by: By,
) -> VA:
    """Correct the VA, with a reason; its earlier content stays in the journal, its files too.

    Once the Client has notified, neither the case nor what is reported changes. `read` is the stamp
    of what the person read: see `read_stamp`.
    """
    with shelf() as kept, transaction.atomic():
        row = lock(va.pk)
        check_read(read, row)
        require_reason(reason)
        conditions = list(row.conditions.all())
        refuse(va_problems(declared, today=paris.day(by.at)))
        _require_known(declared, (condition.code for condition in conditions))
        _require_same_once_notified(row, declared, conditions)
        before = _words(row)
        _fill(row, declared)
        changes = [
            _in_journal(old, new)
            for old, new in zip(before, _words(row), strict=True)
            if old != new
        ]
        changes += _report(conditions, declared)
        if not changes and not proofs:
            raise ValidationError(NO_CHANGE)
        save_checked(row)
        stored = put_signed(kept, row, proofs, by=by)
        changes += [f"pièce ajoutée : {file.name}" for file in stored]
        note = "\n".join([reason.strip(), *changes])
        journal(row, "correct", by=by, note=note)
    return row


def lock(pk: int) -> VA:
    subject = ("prestation__client", "prestation__organisation", "prestation__supplier__solution")
    return lock_row(VA(pk=pk), *subject, "clock")


def read_stamp(va: VA) -> str:
    """The stamp of a VA with its conditions and its notification: its last act."""
    last = _last_act(va)
    return stamp(last.at) if last else ""


def check_read(read: str | None, va: VA) -> None:
    """Raises ValidationError when something was recorded of the locked VA since it was read."""
    last = _last_act(va)
    if read is not None and last is not None:
        check_reading(read, at=last.at, who=str(last.signer), what="modifié cette VA")


def _last_act(va: VA) -> Entry | None:
    return Entry.objects.of(va).select_related("signer").order_by("-at", "-pk").first()


def journal(va: VA, act: str, *, by: By, note: str = "") -> None:
    """An entry of an act of `rules.va`, which the Fournisseur of the prestation reads."""
    organisation_id = va.prestation.organisation_id
    write(va, f"va.{act}", by=by, what=ACTS[act], note=note, organisation_id=organisation_id)


def refuse(problems: Problems) -> None:
    if problems:
        raise ValidationError(problems)


def require_reason(reason: str) -> None:
    if not reason.strip():
        raise ValidationError({"reason": NO_REASON})


def put_signed(kept: Shelf, va: VA, proofs: Uploads, *, by: By) -> list[VAFile]:
    try:
        for upload in proofs:
            check_signed(upload)
        return kept.put(lambda: VAFile(va=va), proofs, by=by, document_date=va.signed_on)
    except ValidationError as error:
        raise ValidationError({"proofs": error.messages}) from None


def check_signed(upload: UploadedFile[Any]) -> UploadFate:
    """What a signature can be seen on."""
    fate = fate_of(upload)
    if fate.content_type not in SIGNED_TYPES:
        raise ValidationError(
            f"« {upload.name} » : la VA signée est un PDF, ou sa photographie en PNG ou JPEG."
        )
    return fate


def _fill(va: VA, declared: VADeclaration) -> None:
    for name in FACTS:
        setattr(va, name, getattr(declared, name))


def _condition(va: VA, line: ChecklistItem, declared: VADeclaration) -> VACondition:
    reported = line.code in declared.reported
    return VACondition(
        va=va,
        code=line.code,
        label=line.label,
        source=line.source,
        position=line.position,
        state=ConditionState.REPORTED if reported else ConditionState.VERIFIED,
    )


def _require_known(declared: VADeclaration, codes: Iterable[str]) -> None:
    if declared.reported - set(codes):
        raise ValidationError({"reported": UNKNOWN_CONDITION})


def _require_same_once_notified(
    va: VA, declared: VADeclaration, conditions: list[VACondition]
) -> None:
    if not hasattr(va, "notification"):
        return
    day = va.notification.notified_on
    reported = {c.code for c in conditions if c.state != ConditionState.VERIFIED}
    if declared.case != va.case or declared.reported != reported:
        raise ValidationError({"case": NOTIFIED.format(day=day)})
    if declared.signed_on > day:
        raise ValidationError({"signed_on": SIGNED_LATER.format(day=day)})


def _report(conditions: list[VACondition], declared: VADeclaration) -> list[str]:
    """Before any notification, a condition is verified or reported as the VA says now."""
    changes = []
    for condition in conditions:
        if (condition.code in declared.reported) == (condition.state != ConditionState.VERIFIED):
            continue
        before = condition.get_state_display()
        reported = condition.state == ConditionState.VERIFIED
        condition.state = ConditionState.REPORTED if reported else ConditionState.VERIFIED
        save_checked(condition)
        changes.append(f"{condition} : {before} → {condition.get_state_display()}".lower())
    return changes


def _words(va: VA) -> list[str]:
    """Each fact as the journal says it."""
    return [f"{label} : {_shown(va, name)}" for name, label in FACTS.items()]


def _in_journal(old: str, new: str) -> str:
    """A person's name stays out of the journal, which cannot be erased."""
    label = FACTS["signatory_name"]
    return f"{label} : nom modifié" if old.startswith(f"{label} : ") else f"{old} → {new}"


def _shown(va: VA, name: str) -> str:
    value = va.get_case_display() if name == "case" else getattr(va, name)
    return f"{value:%d/%m/%Y}" if isinstance(value, dt.date) else str(value or "vide")


def _summary(va: VA, declared: VADeclaration) -> str:
    reported = len(declared.reported)
    plural = "s" if reported > 1 else ""
    tail = f"{reported} condition{plural} reportée{plural}" if reported else "tout est vérifié"
    return f"{va.get_case_display()}. Signée le {va.signed_on:%d/%m/%Y} ; {tail}."
