"""The invitation whose link a newcomer has followed, kept until their account is made.

The session holds the digest of the token, as the database does: when the invitation is sent again
or revoked meanwhile, what was remembered is worth nothing any more.
"""

import datetime as dt

from allauth.account.adapter import get_adapter
from django.http import HttpRequest

from accounts.enums import InvitationState
from accounts.models import Invitation

KEY = "invitation"


def remember(request: HttpRequest, invitation: Invitation) -> None:
    """The link reached the address, so the address is confirmed."""
    request.session[KEY] = invitation.token_sha256
    get_adapter().stash_verified_email(request, invitation.email)


def remembered(request: HttpRequest, now: dt.datetime) -> Invitation | None:
    """The remembered invitation, if it can still be accepted."""
    known = request.session.get(KEY)
    if known is None:
        return None
    rows = Invitation.objects.select_related("organisation")
    invitation = rows.filter(token_sha256=known).first()
    if invitation is None or invitation.state(now) != InvitationState.PENDING:
        return None
    return invitation


def forget(request: HttpRequest) -> None:
    request.session.pop(KEY, None)
