"""The page behind the link of an invitation. Looking at it changes nothing; its button does.

Mail scanners follow links (LESSONS 43): only a POST accepts an invitation.
"""

import datetime as dt
from enum import StrEnum
from http import HTTPStatus
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache

from accounts.enums import ROLE_MEANING, InvitationState, Role
from accounts.middleware import SESSION_KEY
from accounts.models import Invitation, Membership, User
from accounts.services import invited
from accounts.services.invitations import REFUSALS, UNKNOWN, invitation_accept
from journal.rules.by import By
from journal.views.acts import press


class InvitationStep(StrEnum):
    """What the person at this page can do."""

    DEAD = "dead"
    JOIN = "join"
    OTHER_ACCOUNT = "other"
    LOG_IN = "login"
    SIGN_UP = "signup"


@login_not_required
@never_cache
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    now = timezone.now()
    rows = Invitation.objects.of_token(token).select_related("organisation", "invited_by")
    found = rows.first()
    step = _step(request, found, now)
    if found is not None and request.method == "POST":
        if step == InvitationStep.JOIN and request.user.is_authenticated:
            return _join(request, found, request.user, now)
        if step == InvitationStep.LOG_IN:
            query = urlencode({"next": request.path})
            return redirect(f"{reverse('account_login')}?{query}")
        if step == InvitationStep.SIGN_UP:
            invited.remember(request, found)
            return redirect("account_signup")
    return _page(request, found, step, now)


def _step(request: HttpRequest, found: Invitation | None, now: dt.datetime) -> InvitationStep:
    if found is None or found.state(now) != InvitationState.PENDING:
        return InvitationStep.DEAD
    if request.user.is_authenticated:
        return InvitationStep.JOIN if found.is_for(request.user) else InvitationStep.OTHER_ACCOUNT
    has_account = User.objects.filter(email__iexact=found.email).exists()
    return InvitationStep.LOG_IN if has_account else InvitationStep.SIGN_UP


def _join(request: HttpRequest, found: Invitation, user: User, now: dt.datetime) -> HttpResponse:
    def accept() -> Membership:
        membership = invitation_accept(invitation=found, by=By.person(user, now))
        request.session[SESSION_KEY] = membership.organisation_id
        return membership

    def done(membership: Membership) -> str:
        return f"Vous êtes {membership.get_role_display()} de « {membership.organisation} »."

    return press(request, accept, done=done, to=reverse("landing"), back=request.path)


def _page(
    request: HttpRequest, found: Invitation | None, step: InvitationStep, now: dt.datetime
) -> HttpResponse:
    if found is None:
        context: dict[str, Any] = {"refusal": UNKNOWN, "organisation": None, "used": False}
        status = HTTPStatus.NOT_FOUND
        return render(request, "accounts/invitation_dead.html", context, status=status)
    if step == InvitationStep.DEAD:
        context = {
            "refusal": REFUSALS[found.state(now)],
            "organisation": found.organisation,
            "used": found.accepted_at is not None,
        }
        return render(request, "accounts/invitation_dead.html", context, status=HTTPStatus.GONE)
    context = {
        "invitation": found,
        "organisation": found.organisation,
        "role": Role(found.role).label,
        "role_meaning": ROLE_MEANING[Role(found.role)],
        "step": step.value,
    }
    return render(request, "accounts/invitation.html", context)
