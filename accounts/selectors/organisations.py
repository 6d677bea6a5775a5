"""What the pages of organisations read."""

import datetime as dt
from dataclasses import dataclass

from accounts.enums import InvitationState
from accounts.models import Invitation, Organisation


@dataclass(frozen=True, slots=True)
class InvitationLine:
    """A pending invitation, as the list shows it."""

    invitation: Invitation
    is_expired: bool


def pending_invitations(organisation: Organisation, *, now: dt.datetime) -> list[InvitationLine]:
    rows = organisation.invitations.pending().select_related("organisation", "invited_by")
    return [InvitationLine(row, row.state(now) == InvitationState.EXPIRED) for row in rows]
