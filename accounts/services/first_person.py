"""The first person of a new site: an invitation whose link is shown, not mailed."""

from __future__ import annotations

import secrets

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.urls import reverse

from accounts.enums import Kind, Role
from accounts.models import Invitation, Membership, Organisation
from accounts.services.invitations import INVITATIONS, fresh
from accounts.services.organisations import organisation_create
from journal.rules.by import By
from segur.lib.texts import folded_address


@transaction.atomic
def first_responsable_invite(*, email: str, by: By) -> tuple[Invitation, str]:
    """Opens the ANS where it is not, and returns an invitation as its responsable with the path of
    its link. Asked again before the link has served, a new link replaces it, for whatever address.
    Raises ValidationError once somebody leads the ANS: they invite the others.
    """
    if Membership.objects.filter(role=Role.RESPONSABLE).exists():
        raise ValidationError("L'ANS a déjà un responsable, qui invite les autres personnes.")
    ans = Organisation.objects.filter(kind=Kind.ANS).first() or organisation_create(
        kind=Kind.ANS, name="Agence du Numérique en Santé", by=by
    )
    for former in ans.invitations.pending().filter(invited_by=None):
        INVITATIONS.move(former, "revoke", by=by, revoked_at=by.at)
    token = secrets.token_urlsafe(32)
    invitation = Invitation(
        organisation=ans,
        email=folded_address(email),
        role=Role.RESPONSABLE,
        created_at=by.at,
        **fresh(token, by.at),
    )
    validate_email(invitation.email)
    invitation.save()
    what = f"Invitation établie sans courriel : {Role.RESPONSABLE.label}"
    INVITATIONS.journal(invitation, "send", by=by, what=what)
    return invitation, reverse("accounts:invitation", args=[token])
