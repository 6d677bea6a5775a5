"""Who reviews a PV, decided by an agent, for one PV or for many."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from accounts.models import User
from journal.models import Entry
from journal.rules.by import By
from mailing.rules import DECISION_MAIL
from mailing.services.mail import tell
from pilots.enums import ASSIGNABLE_STATES
from pilots.permissions import can_review
from pilots.pv.models import PilotPV
from pilots.pv.services.review import NOT_A_REVIEWER, assign_to, tell_taken
from pilots.pv.services.transitions import journal, lock

STATE = "Ce PV est à l'état « {} » : il ne s'affecte pas."
CANNOT = "{} ne peut pas instruire ce PV : {}"
HAS_IT = "{} a déjà ce PV."


def assign_refusals(rows: Sequence[PilotPV], by: By, values: Mapping[str, Any]) -> dict[int, str]:
    """`values`: `agent`, once one is chosen."""
    return {row.pk: _why_not(row, by, values.get("agent")) for row in rows}


def _why_not(pv: PilotPV, by: By, to: User | None) -> str:
    if not can_review(by.actor, pv):
        return NOT_A_REVIEWER
    if pv.state not in ASSIGNABLE_STATES:
        return STATE.format(pv.get_state_display())
    if to and not (to.is_active and can_review(to, pv)):
        return CANNOT.format(to, NOT_A_REVIEWER)
    return HAS_IT.format(to) if to and pv.assigned_to_id == to.pk else ""


def assign(pv: PilotPV, *, to: User, by: By) -> PilotPV:
    """An agent gives it to an agent, who may not be of its Fournisseur nor of its éditeur. Nothing
    changes where that person has it. Raises PermissionDenied, ValidationError.
    """
    if not can_review(by.actor, pv):
        raise PermissionDenied(NOT_A_REVIEWER)
    return assign_all([pv], by=by, agent=to)[0]


@transaction.atomic
def assign_all(pvs: Sequence[PilotPV], *, by: By, agent: User) -> list[PilotPV]:
    """The state stays: the person that they are given to says when the review begins. Whoever had
    some gets one mail that lists them. All or none: raises ValidationError.
    """
    rows, taken = [], defaultdict(list)
    for pv in pvs:
        row = lock(pv)
        rows.append(row)
        if row.assigned_to_id == agent.pk:
            continue
        if why := _why_not(row, by, agent):
            raise ValidationError(why, code="transition")
        other = row.assigned_to
        assign_to(row, agent, by=by.actor, now=by.at)
        entry = journal(row, "assign", by=by, what="Affecté à {0}", people=[agent])
        if other and other != by.actor:
            taken[other].append((row, entry))
    for other, theirs in taken.items():
        _tell(other, theirs, to=agent, by=by)
    return rows


def _tell(other: User, taken: Sequence[tuple[PilotPV, Entry]], *, to: User, by: By) -> None:
    row, entry = taken[0]
    if len(taken) == 1:
        tell_taken(row, entry, other, to=to, by=by)
    else:
        tell(
            [other],
            kind=DECISION_MAIL,
            template="pvs_taken",
            context={"pvs": [pv for pv, _entry in taken], "to": to, "by": by},
            key=f"pvs-taken:{entry.pk}",
            by=by,
        )
