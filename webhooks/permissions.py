"""Who manages the webhooks of an organisation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from accounts.enums import Role
from accounts.permissions import role_in

if TYPE_CHECKING:
    from accounts.models import User


def can_manage_webhooks(user: User, organisation_id: int) -> bool:
    """What happens in the organisation leaves the site: only who leads it decides so."""
    return role_in(user, organisation_id) == Role.MANDATAIRE
