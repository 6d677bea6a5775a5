"""What a role may do. Each view states one of these in one line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from accounts.enums import FILING_ROLES, INDUSTRY_ROLES, LEADING_ROLES, Role

if TYPE_CHECKING:
    from accounts.models import User


def role_in(user: User, organisation_id: int) -> Role | None:
    return user.roles.get(organisation_id)


def can_prepare(user: User, organisation_id: int) -> bool:
    """Create solutions and prestations, prepare drafts: every member of an industriel."""
    return role_in(user, organisation_id) in INDUSTRY_ROLES


def preparable(user: User) -> list[int]:
    """The organisations of `can_prepare`."""
    return [organisation for organisation in user.roles if can_prepare(user, organisation)]


def can_file(user: User, organisation_id: int) -> bool:
    """File, or declare a deposit: the organisation is bound by it."""
    return role_in(user, organisation_id) in FILING_ROLES


def can_manage_members(user: User, organisation_id: int) -> bool:
    """Mandataires manage their organisation, ANS responsables manage all."""
    return role_in(user, organisation_id) == Role.MANDATAIRE or is_responsable(user)


def can_manage_api_tokens(user: User, organisation_id: int) -> bool:
    """A key acts for its organisation: only who leads it gives one, the ANS for itself."""
    return role_in(user, organisation_id) in LEADING_ROLES


def is_agent(user: User) -> bool:
    """Review and confirm: agents and responsables of the ANS."""
    return user.is_ans


def is_responsable(user: User) -> bool:
    """Amend calendars and parameters, publish, manage organisations."""
    return user.is_responsable


def is_member(user: User) -> bool:
    """Of any organisation: opens the directory of Clients."""
    return bool(user.roles)


def can_add_client(user: User) -> bool:
    """Any member of an industriel adds the Client that it needs; so do ANS responsables."""
    return is_responsable(user) or any(role in INDUSTRY_ROLES for role in user.roles.values())
