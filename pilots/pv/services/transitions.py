"""The one way a PV changes state."""

from __future__ import annotations

from typing import Any

from django.db import transaction

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


def _rows() -> PilotPVQuerySet:
    return PilotPV.objects.select_related(
        "pilot__prestation__client",
        "pilot__prestation__organisation",
        "pilot__prestation__supplier__solution__organisation",
    )


def _may(by: By, pv: PilotPV, who: ReviewParty) -> bool:
    user, prestation = by.actor, pv.pilot.prestation
    if who is ReviewParty.PREPARES:
        return can_edit(user, prestation)
    if who is ReviewParty.BINDS:
        return can_bind(user, prestation)
    if not can_review(user, pv):
        return False
    if who is ReviewParty.REVIEWER:
        return pv.assigned_to_id == user.pk
    if who is ReviewParty.SECOND_AGENT:
        return not pv.decisions.filter(
            decided_by=user, confirmed_at=None, withdrawn_at=None
        ).exists()
    return who is ReviewParty.AGENT or can_reopen(user, pv)


def _impossible(pv: PilotPV, act: Act[PVState]) -> str:
    before = shown(PVState(pv.state), to_reviewer=act.who not in SUPPLIER_PARTIES)
    now, following = f"Ce PV est maintenant à l'état « {before.label} »", PV.following(before)
    if act.target in following:
        return f"{now} : cet acte part de l'état « {act.sources[0].label} »."
    allowed = ", ".join(f"« {state.label} »" for state in following)
    states = f"États possibles : {allowed}." if allowed else "Il est clos."
    return f"{now} : il ne peut pas passer à « {act.target.label} ». {states}"


PVS = Aggregate(PV, _rows, _may, _impossible)
lock = PVS.lock


@transaction.atomic
def move(
    pv: PilotPV, act: str, *, by: By, note: str = "", file: PVFile | None = None, **fields: Any
) -> PilotPV:
    """Do an act of `rules.review`, journaled with the version of the file concerned.

    Who may not review is refused an act of the review before anything is said of the state, which
    may be one that they do not know.
    """
    who = PV.acts[act].who
    if who not in SUPPLIER_PARTIES and not can_review(by.actor, pv):
        PVS.demand(pv, who, by=by)
    return PVS.move(
        pv,
        act,
        by=by,
        note=note,
        details=_of_file(file),
        readers=readers_of(PV.acts[act]),
        releases=_held_back(pv) if act in RELEASING else (),
        **fields,
    )


def journal(
    pv: PilotPV, act: str, *, by: By, what: str, note: str = "", file: PVFile | None = None
) -> Entry:
    """An entry of a locked PV whose state stays; the ANS's own while a decision is pending."""
    is_pending = shown(PVState(pv.state), to_reviewer=False) != pv.state
    readers = Readers.ANS if is_pending else Readers.ALL
    details = _of_file(file)
    return PVS.journal(pv, act, by=by, what=what, note=note, details=details, readers=readers)


def _of_file(file: PVFile | None) -> dict[str, Any]:
    return {"file": file.pk, "sha256": file.sha256} if file else {}


def _held_back(pv: PilotPV) -> list[Entry]:
    """What the ANS alone reads since the proposal that is now confirmed."""
    entries = Entry.objects.of(pv)
    proposal = entries.filter(act="pv.propose").order_by("pk").last()
    if proposal is None:
        return []
    return list(entries.filter(pk__gte=proposal.pk, readers=Readers.ANS))
