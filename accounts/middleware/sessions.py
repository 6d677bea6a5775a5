"""Ends a session that is too old or idle, and notes its last use once a minute."""

import datetime as dt

from allauth.account.adapter import get_adapter
from allauth.usersessions.models import UserSession
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from accounts.middleware import viewing
from accounts.models import User
from accounts.rules.devices import has_ended
from accounts.rules.parameters import IDLE_ANS
from parameters.selectors import value
from segur.reauthentication import LOGGED_IN_AT
from segur.requests import Middleware

SEEN_AT = "seen_at"
NOTED_EVERY = dt.timedelta(minutes=1)
ENDED = (
    "Votre session s'est terminée, par sa durée ou faute d'activité. Reconnectez-vous pour "
    "continuer."
)


class SessionWatchMiddleware(Middleware):
    """Before «voir comme», whose requests write nothing. A session whose last use is noted asks the
    database nothing."""

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            watch(request, request.user, now=timezone.now())
        return self.get_response(request)


def watch(request: HttpRequest, user: User, *, now: dt.datetime) -> None:
    began, seen = _instant(request, LOGGED_IN_AT, now), _instant(request, SEEN_AT, now)
    if now - seen < NOTED_EVERY and SEEN_AT in request.session and LOGGED_IN_AT in request.session:
        return
    if has_ended(now=now, began=began, seen=seen, idle=_idle_of(user, now)):
        if viewing.viewing_of(request, now):
            viewing.end(request.session, real=user, at=now)
        logout(request)
        request.session_ended = ENDED  # type: ignore[attr-defined]  # LoginMiddleware shows it
        return
    note(request, user, now=now)


def note(request: HttpRequest, user: User, *, now: dt.datetime) -> None:
    """The last use, where the page «Sessions» reads it too."""
    request.session[SEEN_AT] = now.isoformat()
    request.session.setdefault(LOGGED_IN_AT, now.isoformat())
    if not request.session.session_key:
        request.session.save()
    agent = request.headers.get("User-Agent", "")
    last_use = {
        "user": user,
        "ip": get_adapter().get_client_ip(request),
        "user_agent": agent[: UserSession._meta.get_field("user_agent").max_length],  # noqa: SLF001
        "last_seen_at": now,
    }
    UserSession.objects.update_or_create(
        session_key=request.session.session_key,
        defaults=last_use,
        create_defaults={**last_use, "created_at": now},
    )


def _instant(request: HttpRequest, key: str, default: dt.datetime) -> dt.datetime:
    stored = request.session.get(key)
    return dt.datetime.fromisoformat(stored) if stored else default


def _idle_of(user: User, now: dt.datetime) -> dt.timedelta | None:
    return dt.timedelta(minutes=int(value(IDLE_ANS, at=now))) if user.is_ans else None
