"""Whoever must have a second factor activates one before anything else."""

import datetime as dt

from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import Resolver404, resolve, reverse
from django.utils import timezone
from django_htmx.http import HttpResponseClientRedirect

from accounts.models import User
from accounts.selectors.second_factor import lacks_second_factor
from segur.requests import Middleware

SESSION_KEY = "second_factor_checked"
CHECKED_FOR = dt.timedelta(minutes=5)
"""A role given or a parameter changed shows in an open session after this at most."""

ALLOWED = {
    *("account_logout", "account_reauthenticate", "account_email", "account_confirm_email"),
    *("accounts:theme", "accessibility", "liveness", "readiness"),
}
"""`account_email`: allauth activates no factor while a change of address is pending."""


class SecondFactorMiddleware(Middleware):
    """Stands before «voir comme»: it is the factor of the real person that counts."""

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.user.is_authenticated or _is_allowed(request.path):
            return self.get_response(request)
        if is_checked(request.session, request.user, now=timezone.now()):
            return self.get_response(request)
        page = reverse("mfa_index")
        if request.headers.get("HX-Request") == "true":
            return HttpResponseClientRedirect(page)
        return HttpResponseRedirect(page)


def is_checked(session: SessionBase, user: User, *, now: dt.datetime) -> bool:
    """Whether the person may go on; remembered in the session, so that a page asks nothing."""
    checked = session.get(SESSION_KEY)
    if checked and abs(now - dt.datetime.fromisoformat(checked)) < CHECKED_FOR:
        return True
    if lacks_second_factor(user, now=now):
        return False
    session[SESSION_KEY] = now.isoformat()
    return True


def _is_allowed(path: str) -> bool:
    try:
        name = resolve(path).view_name
    except Resolver404:
        return False
    return name in ALLOWED or name.startswith(("mfa_", "api:"))
