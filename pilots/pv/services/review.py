"""The ANS reviews the PV: take, assign, give back, decide, confirm; the Fournisseur is notified."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from accounts.models import User
from accounts.selectors.people import people_of
from journal.models import Entry
from journal.rules.by import By
from parameters.selectors import value
from pilots.enums import PVState, Withdrawal
from pilots.permissions import can_review
from pilots.pv.models import PilotPV, PVDecision, PVFile
from pilots.pv.rules.parameters import PILOT_SECOND_AGENT
from pilots.pv.rules.queue import DECIDED
from pilots.pv.selectors.next_pv import is_given_to
from pilots.pv.selectors.pvs import content_of, state_for
from pilots.pv.services.outcomes import Reason, conclude, reason_line, tell_about
from pilots.pv.services.pending import pending_of, withdraw
from pilots.pv.services.publications import retract
from pilots.pv.services.transitions import journal, lock, move

NO_REASON = "Indiquez au moins une mention qui n'est pas conforme, et le motif."
UNEXPECTED_REASON = (
    "Vous avez relevé des motifs : retirez-les pour déclarer le PV conforme, ou choisissez "
    "« Non conforme »."
)
NEW_FILE = (
    "Une nouvelle version du fichier est arrivée depuis que vous avez ouvert cette page : "
    "relisez-la avant de décider."
)
NO_FILE = "Ce PV n'a pas de fichier signé : il n'y a rien à juger."
NO_NOTE = "Indiquez pourquoi la non-conformité n'est pas confirmée : l'agent qui instruit le lira."
NO_REOPENING = "Indiquez pourquoi l'instruction est rouverte : le Fournisseur le lira."
NOT_CONFORM = "Ce PV est maintenant à l'état « {state} » : il n'y a rien à rouvrir."
WAITS = "Une non-conformité attend un second agent : confirmez-la, ou écrivez pourquoi non."
SOON = "Ce PV est déclaré conforme et prend effet dans quelques minutes : il ne se prend pas."
UNOPENED = (
    "Le fichier signé ne vous a pas encore été montré : ouvrez-le, ou faites-le afficher dans la "
    "page, puis déclarez le PV conforme."
)
WITHHELD = (
    "Le fichier signé n'a pas passé le contrôle de sécurité ({state}) : le PV ne peut pas être "
    "déclaré conforme."
)
UNCHECKED = (
    "Avant de déclarer le PV conforme, cochez ce que vous avez vérifié. Il manque : {labels}."
)
DOCUMENT = "document"
WHOLE_DOCUMENT = "Le document : signature, dates, fichier"
IS_CONFORM = "Ce PV est conforme : son instruction se rouvre, avec un motif, elle ne se prend pas."
ASSIGNED = "{agent} a ce PV : confirmez que vous le lui reprenez, il en sera prévenu."
NOT_A_REVIEWER = "Seul un agent de l'ANS étranger au Fournisseur et à l'éditeur instruit ce PV."


@transaction.atomic
def take(pv: PilotPV, *, by: By, instead_of: int | None = None) -> PilotPV:
    """«Prendre»: the actor reviews it. Of two agents at the same second one has it.

    One that was assigned to somebody else is taken only `instead_of` that person, who is notified.
    A review whose agent has left is taken up where it stands.
    """
    row = lock(pv)
    if not can_review(by.actor, row):
        raise PermissionDenied(NOT_A_REVIEWER)
    other = reviewer_of(row)
    if row.state == PVState.IN_REVIEW and other:
        raise ValidationError(f"{other} instruit déjà ce PV.", code="transition")
    if row.state == PVState.IN_REVIEW:
        return _take_up(row, by=by)
    if row.state == PVState.CONFORM:
        raise ValidationError(IS_CONFORM, code="transition")
    if words := {PVState.TO_CONFIRM: WAITS, PVState.TO_TAKE_EFFECT: SOON}.get(PVState(row.state)):
        raise ValidationError(words, code="transition")
    row = move(row, "take", by=by)
    if other and other != by.actor:
        if other.pk != instead_of:
            raise ValidationError(ASSIGNED.format(agent=other), code="assigned")
        entry = journal(row, "take_over", by=by, what="Repris à {0}", people=[other])
        tell_taken(row, entry, other, to=by.actor, by=by)
    return assign_to(row, by.actor, by=by.actor, now=by.at)


def reviewer_of(pv: PilotPV) -> User | None:
    """Who has the PV and may still review it: not somebody who has left."""
    user = pv.assigned_to
    return user if user and user.is_active and can_review(user, pv) else None


def is_to_take(pv: PilotPV) -> bool:
    """Whether an agent may take it: it waits, or its review has lost its agent."""
    if pv.state == PVState.IN_REVIEW:
        return reviewer_of(pv) is None
    return pv.state == PVState.SENT


def _take_up(pv: PilotPV, *, by: By) -> PilotPV:
    before = [pv.assigned_to] if pv.assigned_to else []
    what = "Contrôle repris à {0}, qui n'instruit plus" if before else "Contrôle repris"
    journal(pv, "take_up", by=by, what=what, people=before)
    return assign_to(pv, by.actor, by=by.actor, now=by.at)


@transaction.atomic
def give_back(pv: PilotPV, *, by: By, note: str = "") -> PilotPV:
    """Back to the queue, for whoever takes it."""
    row = move(pv, "give_back", by=by, note=note.strip())
    return assign_to(row, None, by=None, now=None)


def assign_to(
    pv: PilotPV, user: User | None, *, by: User | None, now: dt.datetime | None
) -> PilotPV:
    """Write who reviews a locked PV; nobody for None."""
    pv.assigned_to, pv.assigned_by, pv.assigned_at = user, by, now
    pv.save(update_fields=["assigned_to", "assigned_by", "assigned_at"])
    return pv


@transaction.atomic
def decide(
    pv: PilotPV,
    *,
    outcome: PVState,
    reasons: Sequence[Reason] = (),
    checked: Collection[str] = (),
    note: str = "",
    read: str,
    by: By,
) -> PVDecision:
    """Conforme or non conforme, of the file whose SHA-256 was `read` on the page.

    A «conforme» takes effect `EFFECT_AFTER`, once its file has passed its checks and was shown to
    the actor, and every mention is `checked`, by code, DOCUMENT included. A «non conforme» waits
    for a second agent where the parameter says so. A version that came in meanwhile, and a decision
    taken at the same second, change nothing. A PV that was given to the actor is taken by this act.
    """
    if outcome not in DECIDED:
        raise ValidationError({"outcome": "Choisissez conforme ou non conforme."})
    is_refusal, last = outcome == PVState.NOT_CONFORM, pv.files.first()
    if is_refusal and not reasons:
        raise ValidationError(NO_REASON)
    if reasons and not is_refusal:
        raise ValidationError(UNEXPECTED_REASON)
    waits = is_refusal and value(PILOT_SECOND_AGENT, at=by.at) is True
    act = "propose" if waits else "refuse" if is_refusal else "accept"
    row = lock(pv)
    if is_given_to(row, by.actor):
        row = move(row, "take", by=by)
    row = move(row, act, by=by, note=_in_words(reasons, note), file=last)
    file = _judged(last, read)
    if not is_refusal:
        _require_checked(row, file, checked, by=by)
    decision = PVDecision.objects.create(
        pv=row,
        file=file,
        file_sha256=read,
        content=content_of(row),
        outcome=outcome,
        note=note.strip(),
        reasons=list(reasons),
        decided_by=by.actor,
        decided_by_name=by.name,
        decided_at=by.at,
        confirmed_at=by.at if act == "refuse" else None,
    )
    if act == "refuse":
        conclude(row, decision, by=by)
    return decision


def _require_checked(pv: PilotPV, file: PVFile, checked: Collection[str], *, by: By) -> None:
    if file.is_withheld:
        raise ValidationError(WITHHELD.format(state=file.get_scan_display().lower()))
    if not file.openings.filter(user=by.actor).exists():
        raise ValidationError(UNOPENED)
    labels = {mention.code: mention.label for mention in pv.mentions.all()}
    labels[DOCUMENT] = WHOLE_DOCUMENT
    if missing := [label for code, label in labels.items() if code not in checked]:
        count = len(missing)
        words = missing[0] if count == 1 else f"{count} lignes sur {len(labels)}"
        raise ValidationError({"all_checked": UNCHECKED.format(labels=words)})


def _judged(last: PVFile | None, read: str) -> PVFile:
    """The last file, which must be the one that was read."""
    if last is None:
        raise ValidationError(NO_FILE)
    if last.sha256 != read:
        raise ValidationError(NEW_FILE)
    return last


def _in_words(reasons: Sequence[Reason], note: str) -> str:
    """The reasons as a note of the journal, then the free text."""
    return "\n".join([*map(reason_line, reasons), note.strip()]).strip()


@transaction.atomic
def confirm(pv: PilotPV, *, by: By) -> PVDecision:
    """The second agent agrees: the «non conforme» is final, and mailed."""
    decision = pending_of(lock(pv), PVState.TO_CONFIRM, by=by)
    row = move(pv, "confirm", by=by, file=decision.file, second_agent=None)
    decision.confirmed_by, decision.confirmed_by_name = by.actor, by.name
    decision.confirmed_at = by.at
    decision.save()
    conclude(row, decision, by=by)
    return decision


@transaction.atomic
def contradict(pv: PilotPV, *, note: str, by: By) -> PVDecision:
    """The second agent does not agree: back in review, with the reason; nobody else is notified."""
    if not note.strip():
        raise ValidationError({"note": NO_NOTE})
    return withdraw(pv, "contradict", Withdrawal.CONTRADICTED, by=by, note=note.strip())


@transaction.atomic
def reopen(pv: PilotPV, *, reason: str, by: By) -> PilotPV:
    """A conforme that was wrong: back in review, with the agent who has it, and the Fournisseur is
    notified. Its Client counts no more; a publication that only waited is set aside where it
    rested on it, one that is public stays until it is withdrawn (ADR 0010).
    """
    if not reason.strip():
        raise ValidationError({"reason": NO_REOPENING})
    row = lock(pv)
    if row.state != PVState.CONFORM:
        state = state_for(by.actor, row).label
        raise ValidationError(NOT_CONFORM.format(state=state), code="transition")
    judged = row.decisions.filter(outcome=PVState.CONFORM, withdrawn_at=None)
    decision = judged.first()
    file = decision.file if decision else None
    row = move(row, "reopen", by=by, note=reason.strip(), file=file)
    judged.update(withdrawn_at=by.at, withdrawal=Withdrawal.REOPENED)
    why = f"L'instruction de « {row} » ({row.pilot.client}) est rouverte : {reason.strip()}"
    retract(supplier=row.pilot.prestation.supplier, reason=why[:500], by=by)
    entry = Entry.objects.of(row).filter(act="pv.reopen").latest("pk")
    context = {"reason": reason.strip(), "entry": entry, "file": file}
    members = people_of(row.organisation_id)
    tell_about(row, "pv_reopened", members, context, key=f"pv-reopened:{entry.pk}", by=by)
    return row


def tell_taken(pv: PilotPV, entry: Entry, other: User, *, to: User, by: By) -> None:
    context = {"entry": entry, "to": to}
    tell_about(pv, "pv_taken", [other], context, key=f"pv-taken:{entry.pk}", by=by)
