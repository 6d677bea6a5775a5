"""What a person may do to the PERF of a prestation. Seeing is `visible_to`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from accounts.permissions import can_file, can_prepare, is_agent

if TYPE_CHECKING:
    from accounts.models import User
    from calendar_app.models import Prestation


def can_record(user: User, prestation: Prestation) -> bool:
    """Outages and tickets: every member of the Fournisseur, and the ANS's agents."""
    return can_prepare(user, prestation.organisation_id) or is_agent(user)


def can_contest(user: User, prestation: Prestation) -> bool:
    """Contesting binds the Fournisseur as a filing does."""
    return can_file(user, prestation.organisation_id)


def can_decide(user: User) -> bool:
    """Retained or not: the ANS's agents."""
    return is_agent(user)


def can_issue(user: User, prestation: Prestation) -> bool:
    """A statement: who files for the Fournisseur, and the ANS's agents."""
    return can_file(user, prestation.organisation_id) or is_agent(user)
