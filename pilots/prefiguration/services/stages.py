"""The one way a préfigurateur changes stage."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from journal.rules.by import By
from journal.services.history import save_signed
from pilots.enums import STAGES, Stage
from pilots.permissions import can_agree_for, can_answer_for, can_lead_prefiguration
from pilots.prefiguration.models import Prefigurateur, PrefigurateurEvent
from pilots.prefiguration.rules.prefiguration import ACTS, Party

if TYPE_CHECKING:
    from accounts.models import User


def lock(prefigurateur: Prefigurateur) -> Prefigurateur:
    """The row as it is now, kept from other writers until the transaction ends."""
    return (
        Prefigurateur.objects.select_for_update(of=("self",), no_key=True)
        .select_related("solution__organisation", "client", "contact_request", "interview_by")
        .get(pk=prefigurateur.pk)
    )


@transaction.atomic
def move(
    prefigurateur: Prefigurateur,
    *,
    to: Stage,
    by: By,
    note: str = "",
    **fields: Any,
) -> Prefigurateur:
    """Move along `enums.STAGES`, with what this stage records in `fields`, and journal it.

    The row is locked first: of two people acting at the same second one wins and the other is told.
    Raises ValidationError, with the stages allowed, for any other move; PermissionDenied, with who
    may, for another person. `actor` is None for the application.
    """
    row = lock(prefigurateur)
    before = Stage(row.stage)
    if to not in STAGES[before]:
        allowed = ", ".join(f"« {stage.label} »" for stage in STAGES[before])
        raise ValidationError(
            f"« {row} » est maintenant à l'étape « {before.label} » : elle ne peut pas être suivie "
            f"de « {to.label} ». Étapes possibles : {allowed}.",
            code="transition",
        )
    what, party = ACTS[before, to]
    if not is_party(by.user, row, party):
        raise PermissionDenied(f"Seul {party.value} peut faire cela.")
    row.stage = to
    save(row, by=by, **fields)
    journal(row, by=by, what=what, note=note, from_stage=before.value)
    return row


def save(row: Prefigurateur, *, by: By, **fields: Any) -> None:
    for name, value in fields.items():
        setattr(row, name, value)
    save_signed(row, by=by)


def is_party(user: User | None, prefigurateur: Prefigurateur, party: Party) -> bool:
    """Whether this person, or the application, is the one that the table asks for."""
    if user is None:
        return party is Party.EITHER
    match party:
        case Party.ANS:
            return can_lead_prefiguration(user)
        case Party.EDITEUR:
            return can_answer_for(user, prefigurateur)
        case Party.SIGNATORY:
            return can_agree_for(user, prefigurateur)
        case Party.EITHER:
            return can_lead_prefiguration(user) or can_answer_for(user, prefigurateur)


def demand(user: User | None, prefigurateur: Prefigurateur, party: Party) -> None:
    """The same for an act that changes no stage. Raises PermissionDenied."""
    if not is_party(user, prefigurateur, party):
        raise PermissionDenied(f"Seul {party.value} peut faire cela.")


def journal(
    prefigurateur: Prefigurateur,
    *,
    by: By,
    what: str,
    note: str = "",
    from_stage: str = "",
) -> None:
    """Write a line of the journal, the actor kept by name too; never a contact's data."""
    PrefigurateurEvent.objects.create(
        prefigurateur=prefigurateur,
        at=by.at,
        actor=by.user,
        actor_name=str(by.user or "Application"),
        from_stage=from_stage,
        to_stage=prefigurateur.stage,
        what=what,
        note=note,
    )
