"""PV of a pilot: prepared, signed by the Client, sent to the ANS."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from accounts.selectors.people import members_of
from calendar_app.services.filings import GateClosed
from documents.services.fates import fate_of
from documents.services.proofs import shelf
from journal.models import Entry
from journal.rules.by import By
from journal.services.acts import lock_row
from journal.services.readings import check_reading
from mailing.rules import RECEIPT_MAIL
from mailing.services.mail import tell
from pilots.checklists.selectors import lines
from pilots.enums import EDITABLE_STATES, Checklist, PVState
from pilots.permissions import can_edit
from pilots.pv.models import Pilot, PilotPV, PVFile, PVMention
from pilots.pv.rules.content import ContentChange, changes
from pilots.pv.rules.precheck import precheck
from pilots.pv.rules.review import shown
from pilots.pv.selectors.pvs import (
    FIELDS,
    REALISED_MENTION,
    content_of,
    known_mentions,
    pv_facts,
    reuse_of,
    sendings,
)
from pilots.pv.services.signatures import look
from pilots.pv.services.transitions import journal, lock, move

if TYPE_CHECKING:
    from accounts.models import User

EDITED = "Contenu du PV enregistré"
NOT_PILOT = "Ce Client n'est plus pilote : désignez-le de nouveau d'abord."
ONE_PV = "Ce Client pilote a déjà un PV : corrigez-le."
MUST_PREPARE = "Seul un membre du Fournisseur prépare ce PV."
NOT_EDITABLE = (
    "Ce PV est à l'état « {state} » : il ne se modifie plus. Tant que l'ANS ne le contrôle pas, "
    "reprenez-le d'abord."
)
IN_REVIEW = "Ce PV est déjà transmis : un agent de l'ANS le contrôle."


@transaction.atomic
def create(pilot: Pilot, *, by: By) -> PilotPV:
    """A draft with the mentions of the check-list of the day, filled in with what is known.

    Raises ValidationError when there is one already, or for a Client that was withdrawn.
    """
    row = lock_row(pilot)
    if row.withdrawn_at:
        raise ValidationError(NOT_PILOT)
    if row.pvs.exclude(state=PVState.ABANDONED).exists():
        raise ValidationError(ONE_PV)
    pv = PilotPV.objects.create(
        pilot=row,
        created_at=by.at,
        edited_at=by.at,
        prepared_by=by.actor,
    )
    known = known_mentions(row.prestation)
    PVMention.objects.bulk_create(
        PVMention(
            pv=pv,
            code=line.code,
            label=line.label,
            source=line.source,
            position=line.position,
            is_required=line.is_required,
            value=known.get(line.code, "")[:500],
        )
        for line in lines(Checklist.PV)
    )
    journal(pv, "prepare", by=by, what="PV préparé")
    return pv


@transaction.atomic
def edit(
    pv: PilotPV,
    *,
    mentions: Mapping[str, str],
    realised_on: dt.date | None,
    signatory_name: str,
    signatory_role: str,
    comment: str,
    read: str | None = None,
    by: By,
) -> PilotPV:
    """Save what the PV says; `mentions` by code, the journal keeps the old values and the new. One
    that was signed or judged is a draft again: the signed file no longer says the same.

    `read` is the stamp of what the person read, None where nobody did: see
    `journal.services.readings`.
    """
    row = _editable(pv, by.actor)
    if read is not None and row.edited_at:
        last = Entry.objects.of(row).filter(act="pv.edit").select_related("signer").first()
        who = str(last.signer) if last else "Quelqu'un"
        check_reading(read, at=row.edited_at, who=who, what="modifié ce PV")
    if row.state != PVState.DRAFT:
        row = move(row, "revise" if row.state == PVState.SIGNED else "correct", by=by)
    before, was_realised_on = content_of(row), row.realised_on
    row.realised_on, row.comment = realised_on, comment
    row.signatory_name, row.signatory_role = signatory_name, signatory_role
    _write_mentions(row, mentions, was_realised_on)
    changed = changes(before, content_of(row))
    if changed:
        row.edited_at = by.at
    row.save(
        update_fields=["realised_on", "comment", "signatory_name", "signatory_role", "edited_at"],
    )
    note = "\n".join(map(_in_journal, changed)) or "Rien n'a changé."
    journal(row, "edit", by=by, what=EDITED, note=note)
    return row


def _in_journal(change: ContentChange) -> str:
    """In words; a person's name stays out of the journal, which cannot be erased."""
    if change.label != FIELDS["signatory_name"]:
        return change.words
    if not change.after:
        return f"{change.label} : nom retiré"
    return f"{change.label} : nom {'modifié' if change.before else 'indiqué'}"


def _write_mentions(
    pv: PilotPV, values: Mapping[str, str], was_realised_on: dt.date | None
) -> None:
    """The mention of the day of realisation follows that day, as long as nobody wrote another."""
    rows = list(pv.mentions.all())
    for mention in rows:
        mention.value = values.get(mention.code, mention.value).strip()
        if mention.code == REALISED_MENTION and mention.value in {"", _day(was_realised_on)}:
            mention.value = _day(pv.realised_on)
    PVMention.objects.bulk_update(rows, ["value"])


def _day(day: dt.date | None) -> str:
    return f"{day:%d/%m/%Y}" if day else ""


def attach_signed(pv: PilotPV, *, upload: UploadedFile[Any], signed_on: dt.date, by: By) -> PVFile:
    """Keep the signed file as it came, in a new version, with what its signature is worth.

    The file is looked at before anything is locked: it may take a while. Raises ValidationError
    for one that is not to be kept, or whose bytes have served already (`reuse_of`); nothing is
    stored then. Of two Clients' PV that get one file at the same second both may keep it: the
    pre-check of the sending, and the ANS's, find it.
    """
    try:
        looked = look(upload, now=by.at)
    except ValidationError as error:
        raise ValidationError({"upload": error.messages}) from None
    digest = fate_of(upload).sha256
    with shelf() as kept, transaction.atomic():
        row = _editable(pv, by.actor)
        if reuse := reuse_of(row, digest):
            client = row.pilot.client.name
            raise ValidationError({"upload": reuse.words(file=f"« {upload.name} »", client=client)})
        number = row.files.count() + 1
        [file] = kept.put(
            lambda: PVFile(
                pv=row, number=number, signature=looked.state, signature_detail=looked.detail
            ),
            [upload],
            by=by,
            document_date=signed_on,
        )
        row.signed_on = signed_on
        row.save(update_fields=["signed_on"])
        if row.state == PVState.SIGNED:
            what = f"Fichier signé remplacé, version {number}"
            journal(row, "replace", by=by, what=what, file=file)
        else:
            act = "sign" if row.state == PVState.DRAFT else "sign_again"
            move(row, act, by=by, file=file)
    return file


@transaction.atomic
def send(pv: PilotPV, *, by: By) -> PilotPV:
    """Send the PV to the ANS, through this application, and its receipt to who did it and who
    prepared it. Raises GateClosed with all that is missing; ValidationError and PermissionDenied
    as `move` does.
    """
    row = lock(pv)
    if _shown(row) == PVState.IN_REVIEW:
        raise ValidationError(IN_REVIEW)
    if row.state == PVState.SIGNED and (missing := precheck(pv_facts(row, now=by.at))):
        raise GateClosed(missing)
    file = row.files.first()
    row = move(row, "send", by=by, file=file, sent_at=by.at, sent_by=by.actor)
    if file and file.sent_at is None:
        file.sent_at = by.at
        file.save(update_fields=["sent_at"])
    _mail_receipt(row, by=by)
    return row


def take_back(pv: PilotPV, *, by: By) -> PilotPV:
    """As long as nobody at the ANS has begun to look at it."""
    return move(pv, "take_back", by=by)


def abandon(pv: PilotPV, *, reason: str, by: By) -> PilotPV:
    """The PV stays, with its files and its journal; the pilot may have another."""
    return move(pv, "abandon", by=by, note=reason)


def _editable(pv: PilotPV, actor: User) -> PilotPV:
    row = lock(pv)
    if not can_edit(actor, row.pilot.prestation):
        raise PermissionDenied(MUST_PREPARE)
    if row.state not in EDITABLE_STATES:
        raise ValidationError(NOT_EDITABLE.format(state=_shown(row).label))
    if row.pilot.withdrawn_at:
        raise ValidationError(NOT_PILOT)
    return row


def _shown(pv: PilotPV) -> PVState:
    """The state as the Fournisseur may know it."""
    return shown(PVState(pv.state), to_reviewer=False)


def _mail_receipt(pv: PilotPV, *, by: By) -> None:
    organisation = pv.pilot.prestation.organisation_id
    members = {member.user_id for member in members_of([organisation])[organisation]}
    people = {user.pk: user for user in (pv.prepared_by,) if user and user.pk in members}
    people[by.actor.pk] = by.actor
    sending = sendings(pv)[0]
    tell(
        people.values(),
        kind=RECEIPT_MAIL,
        template="pv_receipt",
        context={"pv": pv, "sending": sending, "prestation": pv.pilot.prestation},
        key=f"pv:{sending.entry.pk}",
        about=pv,
        by=by,
    )
