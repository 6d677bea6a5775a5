"""The one way a PV changes state."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.db import transaction

from accounts.selectors.parties import is_party
from journal.enums import Readers
from journal.models import Entry
from journal.rules.by import By
from journal.rules.workflow import Act
from journal.services.acts import Aggregate
from pilots.enums import PVState
from pilots.permissions import can_bind, can_edit, can_reopen, can_review
from pilots.pv.models import PilotPV, PVFile
from pilots.pv.rules.review import (
    PV,
    RELEASING,
    SUPPLIER_PARTIES,
    ReviewParty,
    readers_of,
    shown,
)
from pilots.querysets import PilotPVQuerySet

if TYPE_CHECKING:
    from accounts.models import User


def _rows() -> PilotPVQuerySet:
    return PilotPV.objects.select_related(
        "pilot__prestation__client",
        "pilot__prestation__organisation",
        "pilot__prestation__supplier__solution__organisation",
    )


def _may(by: By, pv: PilotPV, who: ReviewParty) -> bool:
    if by.user is None or who is ReviewParty.CLOCK:
        return by.user is None and who is ReviewParty.CLOCK
    if who is ReviewParty.PREPARES:
        return can_edit(by.user, pv.pilot.prestation)
    if who is ReviewParty.BINDS:
        return can_bind(by.user, pv.pilot.prestation)
    return can_review(by.user, pv) and _is_reviewer(by.user, pv, who)


def _is_reviewer(user: User, pv: PilotPV, who: ReviewParty) -> bool:
    match who:
        case ReviewParty.REVIEWER:
            return pv.assigned_to_id == user.pk
        case ReviewParty.AUTHOR:
            return pv.decisions.pending().filter(decided_by=user).exists()
        case ReviewParty.SECOND_AGENT:
            return not pv.decisions.pending().filter(decided_by=user).exists()
        case ReviewParty.LEADER:
            return can_reopen(user, pv)
        case _:
            return True


def _impossible(pv: PilotPV, act: Act[PVState]) -> str:
    before = shown(PVState(pv.state), to_reviewer=act.who not in SUPPLIER_PARTIES)
    now, following = f"Ce PV est maintenant à l'état « {before.label} »", PV.following(before)
    if act.target in following:
        return f"{now} : cet acte part de l'état « {act.sources[0].label} »."
    allowed = ", ".join(f"« {state.label} »" for state in following)
    states = f"États possibles : {allowed}." if allowed else "Il est clos."
    return f"{now} : il ne peut pas passer à « {act.target.label} ». {states}"


PVS = Aggregate(PV, _rows, _may, _impossible, is_party)
lock = PVS.lock


@transaction.atomic
def move(
    pv: PilotPV, act: str, *, by: By, note: str = "", file: PVFile | None = None, **fields: Any
) -> PilotPV:
    """Do an act of `rules.review`, journaled with the version of the file concerned.

    Who may not review is refused an act of the review before the state shows, which
    may be one that they do not know.
    """
    who = PV.acts[act].who
    if who not in SUPPLIER_PARTIES and by.user and not can_review(by.user, pv):
        PVS.demand(pv, who, by=by)
    return PVS.move(
        pv,
        act,
        by=by,
        note=note,
        details=_of_file(file),
        readers=readers_of(PV.acts[act]),
        releases=_held_back(pv, RELEASING[act]) if act in RELEASING else (),
        **fields,
    )


def journal(
    pv: PilotPV,
    act: str,
    *,
    by: By,
    what: str,
    note: str = "",
    file: PVFile | None = None,
    people: Sequence[User] = (),
) -> Entry:
    """An entry of a locked PV whose state stays; the ANS's own while a decision is pending."""
    is_pending = shown(PVState(pv.state), to_reviewer=False) != pv.state
    readers = Readers.ANS if is_pending else Readers.ALL
    details = _of_file(file)
    return PVS.journal(
        pv, act, by=by, what=what, note=note, details=details, readers=readers, people=people
    )


def _of_file(file: PVFile | None) -> dict[str, Any]:
    return {"file": file.pk, "sha256": file.sha256} if file else {}


def _held_back(pv: PilotPV, decided: str) -> list[Entry]:
    """What the ANS alone reads since the pending decision, this act, that now becomes final."""
    entries = Entry.objects.of(pv)
    decision = entries.filter(act=decided).order_by("pk").last()
    if decision is None:
        return []
    return list(entries.filter(pk__gte=decision.pk, readers=Readers.ANS))
