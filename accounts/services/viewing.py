"""Beginning and leaving «voir comme» (ADR 0035)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from accounts.middleware.viewing import LENGTH, SESSION_KEY
from accounts.models import Membership
from journal.rules.by import By
from journal.services.entries import write
from segur.lib import paris

if TYPE_CHECKING:
    from django.contrib.sessions.backends.base import SessionBase


@transaction.atomic
def view_as_begin(session: SessionBase, *, member: Membership, reason: str, by: By) -> Membership:
    """`member` is one of `viewable`. The session has a new key; the organisation reads who looks,
    why and until when, and as which role: a name could not be erased."""
    until = by.at + LENGTH
    organisation = member.organisation
    write(
        organisation,
        "organisation.view",
        by=by,
        what="L'ANS consulte le site comme un membre de l'organisation "
        f"({member.get_role_display()}), en lecture seule, jusqu'au {paris.minute(until)} au plus "
        "tard",
        note=reason,
        organisation_id=organisation.pk,
        after={"user": member.user_id, "until": until.isoformat()},
    )
    session.cycle_key()
    session[SESSION_KEY] = {
        "user": member.user_id,
        "organisation": organisation.pk,
        "until": until.isoformat(),
    }
    return member
