"""The ANS reviews the PV: take, assign, give back, decide, confirm; the Fournisseur is told."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import TypedDict

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from accounts.models import User
from calendar_app.enums import MailKind
from calendar_app.rules.parameters import PILOT_SECOND_AGENT
from calendar_app.selectors.parameters import value
from calendar_app.selectors.reminders import people_of
from calendar_app.services import mail
from pilots.enums import PVState
from pilots.models import PilotPV, PVDecision, PVFile
from pilots.permissions import can_review
from pilots.rules.queue import DECIDED
from pilots.services.publications import propose
from pilots.services.transitions import journal, lock, move

ASSIGNABLE = (PVState.SENT, PVState.IN_REVIEW)
NO_REASON = "Dites au moins une mention qui n'est pas conforme, et pourquoi."
UNEXPECTED_REASON = (
    "Vous avez relevé des motifs : retirez-les pour déclarer le PV conforme, ou choisissez "
    "« Non conforme »."
)
NEW_FILE = (
    "Une nouvelle version du fichier est arrivée depuis que vous avez ouvert cette page : "
    "relisez-la avant de décider."
)
NO_FILE = "Ce PV n'a pas de fichier signé : il n'y a rien à juger."
NO_NOTE = "Dites pourquoi la non-conformité n'est pas confirmée : l'agent qui instruit le lira."
GONE = "La décision proposée a changé : rechargez la page."
NOT_A_REVIEWER = "Seul un agent de l'ANS étranger au Fournisseur et à l'éditeur instruit ce PV."


class Reason(TypedDict):
    """Why a mention is not conforme; `kind` is a ReasonKind, the labels are kept as they were."""

    code: str
    label: str
    kind: str
    kind_label: str
    text: str


@transaction.atomic
def take(pv: PilotPV, *, actor: User, now: dt.datetime) -> PilotPV:
    """«Prendre»: the actor reviews it. Of two agents at the same second one has it."""
    row = lock(pv)
    if row.state == PVState.IN_REVIEW and row.assigned_to:
        raise ValidationError(f"{row.assigned_to} instruit déjà ce PV.", code="transition")
    return _assign_to(move(row, to=PVState.IN_REVIEW, actor=actor, now=now), actor)


@transaction.atomic
def assign(pv: PilotPV, *, to: User, actor: User, now: dt.datetime) -> PilotPV:
    """An agent gives it to an agent, who may not be of its Fournisseur nor of its éditeur.

    The state stays: the person that it is given to says when the review begins.
    """
    row = lock(pv)
    if not can_review(actor, row):
        raise PermissionDenied(NOT_A_REVIEWER)
    if row.state not in ASSIGNABLE:
        raise ValidationError(
            f"{row} est à l'état « {row.get_state_display()} » : il ne s'affecte pas.",
            code="transition",
        )
    if not (to.is_active and can_review(to, row)):
        raise ValidationError(f"{to} ne peut pas instruire {row} : {NOT_A_REVIEWER}")
    if row.assigned_to_id != to.pk:
        _assign_to(row, to)
        journal(row, actor=actor, what=f"Affecté à {to}", now=now)
    return row


@transaction.atomic
def give_back(pv: PilotPV, *, actor: User, now: dt.datetime, note: str = "") -> PilotPV:
    """Back to the queue, for whoever takes it."""
    row = move(pv, to=PVState.SENT, actor=actor, now=now, note=note.strip())
    return _assign_to(row, None)


def _assign_to(pv: PilotPV, user: User | None) -> PilotPV:
    pv.assigned_to = user
    pv.save(update_fields=["assigned_to"])
    return pv


@transaction.atomic
def decide(
    pv: PilotPV,
    *,
    outcome: PVState,
    reasons: Sequence[Reason] = (),
    note: str = "",
    read: str,
    actor: User,
    now: dt.datetime,
) -> PVDecision:
    """Conforme or non conforme, of the file whose SHA-256 was `read` on the page.

    A «non conforme» waits for a second agent where the parameter says so. A version that came in
    meanwhile, and a decision taken at the same second, are told and change nothing.
    """
    if outcome not in DECIDED:
        raise ValidationError({"outcome": "Choisissez conforme ou non conforme."})
    is_refusal = outcome == PVState.NOT_CONFORM
    if is_refusal and not reasons:
        raise ValidationError(NO_REASON)
    if reasons and not is_refusal:
        raise ValidationError(UNEXPECTED_REASON)
    waits = is_refusal and value(PILOT_SECOND_AGENT, at=now) is True
    to = PVState.TO_CONFIRM if waits else outcome
    row = move(pv, to=to, actor=actor, now=now, note=_told(reasons, note), sha256=read)
    decision = PVDecision.objects.create(
        pv=row,
        file=_judged(row, read),
        file_sha256=read,
        outcome=outcome,
        note=note.strip(),
        reasons=list(reasons),
        decided_by=actor,
        decided_by_name=str(actor),
        decided_at=now,
        confirmed_at=None if waits else now,
    )
    if not waits:
        _conclude(row, decision, now)
    return decision


def _judged(pv: PilotPV, read: str) -> PVFile:
    """The last file, which must be the one that was read."""
    last = pv.files.first()
    if last is None:
        raise ValidationError(NO_FILE)
    if last.sha256 != read:
        raise ValidationError(NEW_FILE)
    return last


def _told(reasons: Sequence[Reason], note: str) -> str:
    """The reasons as a note of the journal, then the free text."""
    return "\n".join([*map(reason_line, reasons), note.strip()]).strip()


def reason_line(reason: Reason) -> str:
    """«Client : absente. Le FINESS manque.»"""
    line = f"{reason['label']} : {reason['kind_label'].lower()}."
    return f"{line} {reason['text']}" if reason["text"] else line


@transaction.atomic
def confirm(pv: PilotPV, *, actor: User, now: dt.datetime) -> PVDecision:
    """The second agent agrees: the «non conforme» is final, and told."""
    decision = _pending(lock(pv))
    row = move(pv, to=PVState.NOT_CONFORM, actor=actor, now=now, sha256=decision.file_sha256)
    decision.confirmed_by, decision.confirmed_by_name = actor, str(actor)
    decision.confirmed_at = now
    decision.save()
    _conclude(row, decision, now)
    return decision


@transaction.atomic
def contradict(pv: PilotPV, *, note: str, actor: User, now: dt.datetime) -> PVDecision:
    """The second agent does not agree: back in review, with the reason; nobody else is told."""
    if not note.strip():
        raise ValidationError({"note": NO_NOTE})
    decision = _pending(lock(pv))
    move(
        pv,
        to=PVState.IN_REVIEW,
        actor=actor,
        now=now,
        note=note.strip(),
        sha256=decision.file_sha256,
    )
    decision.withdrawn_at = now
    decision.save()
    return decision


def _pending(pv: PilotPV) -> PVDecision:
    """The decision that waits; where there is none `move` says what the state is now."""
    if pv.state != PVState.TO_CONFIRM:
        raise ValidationError(
            f"Ce PV est maintenant à l'état « {pv.get_state_display()} » : rien n'est à confirmer.",
            code="transition",
        )
    decision = pv.decisions.filter(confirmed_at=None, withdrawn_at=None).first()
    if decision is None:
        raise ValidationError(GONE)
    return decision


def _conclude(pv: PilotPV, decision: PVDecision, now: dt.datetime) -> None:
    """A final decision: its instant, the Fournisseur told, the publication proposed."""
    pv.decided_at = now
    pv.save(update_fields=["decided_at"])
    _tell(pv, decision, now)
    if decision.outcome == PVState.CONFORM:
        propose(supplier=pv.pilot.prestation.supplier, now=now)


def _tell(pv: PilotPV, decision: PVDecision, now: dt.datetime) -> None:
    """Every member of the Fournisseur, once for each decision."""
    prestation = pv.pilot.prestation
    for user in people_of(prestation.organisation_id):
        mail.post(
            kind=MailKind.DECISION,
            to=user.email,
            user=user,
            template="pv_decision",
            context={
                "pv": pv,
                "prestation": prestation,
                "decision": decision,
                "is_conform": decision.outcome == PVState.CONFORM,
                "reasons": [reason_line(reason) for reason in decision.reasons],
            },
            dedupe_key=f"pv-decision:{decision.pk}:{user.pk}",
            now=now,
        )
