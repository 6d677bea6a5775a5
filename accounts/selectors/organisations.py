"""What the pages of organisations read."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Exists, Q

from accounts.enums import SUPPLIER_KINDS, InvitationState
from accounts.models import Invitation, Organisation
from accounts.rules.names import words_of


@dataclass(frozen=True, slots=True)
class InvitationLine:
    """A pending invitation, as the list shows it."""

    invitation: Invitation
    is_expired: bool


def pending_invitations(organisation: Organisation, *, now: dt.datetime) -> list[InvitationLine]:
    rows = organisation.invitations.pending().select_related("organisation", "invited_by")
    return [InvitationLine(row, row.state(now) == InvitationState.EXPIRED) for row in rows]


def clients_named_alike(name: str) -> list[Organisation]:
    """The Clients of the directory whose name has the same words, whatever their FINESS."""
    words = words_of(name)
    if not words:
        return []
    found = Organisation.objects.clients().filter(is_active=True).search(" ".join(words))
    return [client for client in found if words_of(client.name) == words]


def named(condition: Q | Exists) -> list[tuple[int, str]]:
    """The industriels that meet it, for a filter: (id, name). `Exists` stops at the first row of
    each, where a DISTINCT would read the whole park."""
    rows = Organisation.objects.filter(condition, kind__in=SUPPLIER_KINDS)
    return list(rows.order_by("name", "pk").values_list("pk", "name"))
