"""One's own open sessions."""

from collections.abc import Callable
from functools import partial

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.middleware import MemberRequest
from accounts.selectors.sessions import open_sessions, session_list
from accounts.services import security_log
from accounts.services.sessions import session_close, sessions_close_others
from journal.views.acts import press


@require_safe
def index(request: MemberRequest) -> HttpResponse:
    current = request.session.session_key
    sessions = session_list(request.user, current=current, now=timezone.now())
    context = {"sessions": sessions, "has_others": any(not one.is_current for one in sessions)}
    return render(request, "accounts/sessions.html", context)


@require_POST
def close_others(request: MemberRequest) -> HttpResponse:
    act = partial(sessions_close_others, current=request.session.session_key, by=request.by)
    return _press(request, act)


@require_POST
def close(request: MemberRequest, pk: int) -> HttpResponse:
    session = get_object_or_404(open_sessions(request.user, now=request.by.at), pk=pk)
    return _press(request, partial(session_close, session=session, by=request.by))


def _press(request: MemberRequest, act: Callable[[], int]) -> HttpResponse:
    def recorded() -> int:
        count = act()
        security_log.record(request.user, "sessions", request=request, by=request.by)
        return count

    return press(request, recorded, done=_closed, to=reverse("accounts:sessions"))


def _closed(count: int) -> str:
    return f"{count} sessions fermées." if count > 1 else "Session fermée."
