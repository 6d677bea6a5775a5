"""The one way a PV changes state."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from journal.rules.by import By
from pilots.enums import PVState
from pilots.permissions import can_bind, can_edit, can_reopen, can_review
from pilots.pv.models import PilotPV, PVEvent, PVFile
from pilots.pv.rules.review import ACTS, ReviewParty, following, shown

if TYPE_CHECKING:
    from accounts.models import User


def lock(pv: PilotPV) -> PilotPV:
    """The row as it is now, kept from other writers until the transaction ends."""
    return (
        PilotPV.objects.select_for_update(of=("self",), no_key=True)
        .select_related(
            "pilot__prestation__client",
            "pilot__prestation__organisation",
            "pilot__prestation__supplier__solution__organisation",
        )
        .get(pk=pv.pk)
    )


@transaction.atomic
def move(
    pv: PilotPV,
    *,
    to: PVState,
    by: By,
    note: str = "",
    file: PVFile | None = None,
) -> PilotPV:
    """Move a PV along `rules.review.ACTS` and journal it, with the version of the file concerned.

    The row is locked first: of two people acting at the same second one wins and the other is told.
    Raises ValidationError, with the states allowed, for any other move; PermissionDenied, with who
    may, for another person.
    """
    row = lock(pv)
    before = PVState(row.state)
    if (before, to) not in ACTS:
        raise _impossible(shown(before, to_reviewer=can_review(by.actor, row)), to)
    what, party = ACTS[before, to]
    if not is_party(by.actor, row, party):
        raise PermissionDenied(f"Seul {party.value} peut faire cela.")
    row.state = to
    row.save(update_fields=["state"])
    journal(row, by=by, what=what, note=note, from_state=before.value, file=file)
    return row


def _impossible(before: PVState, to: PVState) -> ValidationError:
    allowed = ", ".join(f"« {state.label} »" for state in following(before))
    return ValidationError(
        f"Ce PV est maintenant à l'état « {before.label} » : il ne peut pas passer à "
        f"« {to.label} ». " + (f"États possibles : {allowed}." if allowed else "Il est clos."),
        code="transition",
    )


def is_party(user: User, pv: PilotPV, party: ReviewParty) -> bool:
    """Whether this person is the one that the table asks for."""
    prestation = pv.pilot.prestation
    if party is ReviewParty.PREPARES:
        return can_edit(user, prestation)
    if party is ReviewParty.BINDS:
        return can_bind(user, prestation)
    if not can_review(user, pv):
        return False
    if party is ReviewParty.REVIEWER:
        return pv.assigned_to_id == user.pk
    if party is ReviewParty.SECOND_AGENT:
        return not pv.decisions.filter(
            decided_by=user, confirmed_at=None, withdrawn_at=None
        ).exists()
    return party is ReviewParty.AGENT or can_reopen(user, pv)


def journal(
    pv: PilotPV,
    *,
    by: By,
    what: str,
    note: str = "",
    from_state: str = "",
    file: PVFile | None = None,
) -> PVEvent:
    """Write a line of the PV's journal, the actor kept by name too."""
    return PVEvent.objects.create(
        pv=pv,
        at=by.at,
        actor=by.actor,
        actor_name=by.name,
        from_state=from_state,
        to_state=pv.state,
        what=what,
        note=note,
        file=file,
        file_sha256=file.sha256 if file else "",
    )
