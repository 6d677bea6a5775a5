"""The one way a préfigurateur changes stage."""

from __future__ import annotations

from typing import Any

from journal.rules.by import By
from journal.rules.workflow import Act
from journal.services.acts import Aggregate
from journal.services.changes import save_checked
from pilots.enums import Stage
from pilots.permissions import can_agree_for, can_answer_for, can_lead_prefiguration
from pilots.prefiguration.models import Prefigurateur
from pilots.prefiguration.rules.prefiguration import PREFIGURATEUR, Party
from pilots.querysets import PrefigurateurQuerySet


def _rows() -> PrefigurateurQuerySet:
    return Prefigurateur.objects.select_related(
        "solution__organisation", "client", "contact_request", "interview_by"
    )


def _may(by: By, row: Prefigurateur, who: Party) -> bool:
    """The clock, and nothing else without a person, does what either party may do."""
    user = by.user
    if user is None:
        return who is Party.EITHER
    match who:
        case Party.ANS:
            return can_lead_prefiguration(user)
        case Party.EDITEUR:
            return can_answer_for(user, row)
        case Party.SIGNATORY:
            return can_agree_for(user, row)
        case Party.EITHER:
            return can_lead_prefiguration(user) or can_answer_for(user, row)


def _impossible(row: Prefigurateur, act: Act[Stage]) -> str:
    before = Stage(row.stage)
    now = f"« {row} » est maintenant à l'étape « {before.label} »"
    following = PREFIGURATEUR.following(before)
    if act.target in following:
        return f"{now} : cet acte part de l'étape « {act.sources[0].label} »."
    allowed = ", ".join(f"« {stage.label} »" for stage in following)
    return (
        f"{now} : elle ne peut pas être suivie de « {act.target.label} ». "
        f"Étapes possibles : {allowed}."
    )


PREFIGURATEURS = Aggregate(PREFIGURATEUR, _rows, _may, _impossible, state="stage")
lock = PREFIGURATEURS.lock
move = PREFIGURATEURS.move
demand = PREFIGURATEURS.demand
journal = PREFIGURATEURS.journal
"""An entry never has a contact's data."""


def save(row: Prefigurateur, **fields: Any) -> None:
    for name, value in fields.items():
        setattr(row, name, value)
    save_checked(row)
