"""A decision that is pending: a «conforme» before its effect, a «non conforme» before its second
agent. Its author takes it back; the clock makes it final, or gives it back to its reviewer.
"""

from __future__ import annotations

import datetime as dt

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import User
from journal.rules.by import By
from parameters.selectors import value
from pilots.enums import PVState, Withdrawal
from pilots.permissions import can_review
from pilots.pv.models import FileOpening, PilotPV, PVDecision, PVFile
from pilots.pv.rules.effect import EFFECT_AFTER
from pilots.pv.rules.parameters import PILOT_SECOND_AGENT
from pilots.pv.rules.review import PV, ReviewParty
from pilots.pv.selectors.reviewers import may_confirm
from pilots.pv.services.outcomes import conclude, tell_about
from pilots.pv.services.transitions import PVS, journal, lock, move

GONE = "La décision proposée a changé : rechargez la page."
NOTHING = "Ce PV est maintenant à l'état « {state} » : {what}."
WORDS = {
    PVState.TO_CONFIRM: "rien n'est à confirmer",
    PVState.TO_TAKE_EFFECT: "aucune décision n'est à reprendre",
}
NO_SECOND = "{to} ne peut pas confirmer cette non-conformité : choisissez un autre agent."


def open_file(file: PVFile, user: User) -> None:
    """The file is shown to this person."""
    FileOpening.objects.get_or_create(file=file, user=user)


def pending_of(pv: PilotPV, state: PVState, *, by: By) -> PVDecision:
    """The decision of a locked PV that is pending in this state. Raises ValidationError."""
    if by.user and not can_review(by.user, pv):
        PVS.demand(pv, ReviewParty.AGENT, by=by)
    if pv.state != state:
        words = NOTHING.format(state=pv.get_state_display(), what=WORDS[state])
        raise ValidationError(words, code="transition")
    decision = pv.decisions.pending().first()
    if decision is None:
        raise ValidationError(GONE)
    return decision


@transaction.atomic
def withdraw(
    pv: PilotPV, act: str, withdrawal: Withdrawal, *, by: By, note: str = ""
) -> PVDecision:
    """Back in review by this act of the table, without effect; nobody else is notified."""
    decision = pending_of(lock(pv), PV.acts[act].sources[0], by=by)
    move(pv, act, by=by, note=note, file=decision.file, second_agent=None)
    decision.withdrawn_at, decision.withdrawal = by.at, withdrawal
    decision.save(update_fields=["withdrawn_at", "withdrawal"])
    return decision


def recall(pv: PilotPV, *, by: By) -> PVDecision:
    """Its author takes back a «conforme» that has not taken effect."""
    return withdraw(pv, "recall", Withdrawal.RECALLED, by=by)


def retract(pv: PilotPV, *, by: By) -> PVDecision:
    """Its author takes back a proposal of «non conforme»."""
    return withdraw(pv, "retract", Withdrawal.RETRACTED, by=by)


@transaction.atomic
def ask_second(pv: PilotPV, *, to: User, by: By) -> PilotPV:
    """Ask an agent to confirm the «non conforme», or another than the one who was asked: they get a
    mail. Any other agent may still confirm it.
    """
    row = lock(pv)
    decision = pending_of(row, PVState.TO_CONFIRM, by=by)
    if not may_confirm(row, to, decision):
        raise ValidationError({"agent": NO_SECOND.format(to=to)})
    if row.second_agent_id != to.pk:
        row.second_agent = to
        row.save(update_fields=["second_agent"])
        what = "Confirmation demandée à {0}"
        entry = journal(row, "ask_second", by=by, what=what, people=[to])
        context = {"decision": decision, "entry": entry}
        tell_about(row, "pv_second", [to], context, key=f"pv-second:{entry.pk}", by=by)
    return row


def settle(*, now: dt.datetime) -> int:
    """Make final what has waited long enough, and give back what needs no second agent any more;
    how many PV changed. Asked of the table: an outage of the worker is caught up.
    """
    due = PVDecision.objects.pending().filter(
        pv__state=PVState.TO_TAKE_EFFECT, decided_at__lte=now - EFFECT_AFTER
    )
    count = sum(take_effect(decision.pv, by=By.clock(now)) for decision in due.order_by("pk"))
    if value(PILOT_SECOND_AGENT, at=now) is True:
        return count
    waiting = PilotPV.objects.filter(state=PVState.TO_CONFIRM).order_by("pk")
    return count + sum(lapse(pv, by=By.clock(now)) for pv in waiting)


@transaction.atomic
def take_effect(pv: PilotPV, *, by: By) -> bool:
    """False when its author took it back meanwhile."""
    row = lock(pv)
    decision = row.decisions.pending().first()
    if row.state != PVState.TO_TAKE_EFFECT or decision is None:
        return False
    row = move(row, "take_effect", by=by, file=decision.file)
    decision.confirmed_at = by.at
    decision.save(update_fields=["confirmed_at"])
    conclude(row, decision, by=by)
    return True


@transaction.atomic
def lapse(pv: PilotPV, *, by: By) -> bool:
    """Back to the agent who reviews it, who is notified: no second agent is asked for any more.
    False when somebody confirmed it, or withdrew it, meanwhile.
    """
    row = lock(pv)
    if row.state != PVState.TO_CONFIRM:
        return False
    decision = withdraw(row, "lapse", Withdrawal.LAPSED, by=by)
    reviewer = row.assigned_to
    if reviewer and reviewer.is_active and can_review(reviewer, row):
        key = f"pv-lapsed:{decision.pk}"
        tell_about(row, "pv_lapsed", [reviewer], {"decision": decision}, key=key, by=by)
    return True
