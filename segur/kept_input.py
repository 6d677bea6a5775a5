"""What was typed in a form that could not be taken: the session had ended, or the form was too old.

Kept for an hour on the server, for the browser that sent it and for the person who had logged in
there (a signed cookie says who), and given back once, in the page of the form. Never passwords nor
what opens an account; of the files, their names.
"""

from __future__ import annotations

import secrets
import time
from typing import Any, TypedDict
from urllib.parse import urlsplit

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import reverse

KEPT_SECONDS = 3600
LONGEST = 100_000
"""Characters of a form that is kept."""

SESSION_KEY = "kept-input"
COOKIE = "derniere-personne"
COOKIE_SECONDS = 7 * 24 * 3600
NEVER = {"csrfmiddlewaretoken", "code", "otp"}
SECRET = ("password", "secret", "token")


class KeptInput(TypedDict):
    """`page` shows the form, `action` takes it; both without host. `until` is a Unix time."""

    user: int
    until: float
    page: str
    action: str
    typed: dict[str, list[str]]
    files: list[str]


def keep(request: HttpRequest, sent: QueryDict, *, page: str) -> bool:
    """Whether there was something to keep, and a person to keep it for."""
    user = last_person(request)
    typed = {name: values for name, values in sent.lists() if not _is_secret(name)}
    is_typed = any("".join(values).strip() for name, values in typed.items() if name != "read")
    is_long = sum(len(value) for values in typed.values() for value in values) > LONGEST
    if user is None or not page or not is_typed or is_long or _opens_an_account(request.path):
        return False
    kept = KeptInput(
        user=user,
        until=time.time() + KEPT_SECONDS,
        page=urlsplit(page).path,
        action=request.path,
        typed=typed,
        files=[one.name or "" for _name, several in request.FILES.lists() for one in several],
    )
    key = secrets.token_urlsafe(24)
    cache.set(_cache_key(key), kept, KEPT_SECONDS)
    request.session[SESSION_KEY] = key
    return True


def take(request: HttpRequest) -> KeptInput | None:
    """What was kept for this page and this person, once. What is another person's is dropped."""
    user: Any = request.user
    key = request.session.get(SESSION_KEY) if user.is_authenticated else None
    kept: KeptInput | None = cache.get(_cache_key(key)) if key else None
    is_mine = kept is not None and kept["user"] == user.pk and time.time() < kept["until"]
    if is_mine and kept and kept["page"] != request.path:
        return None
    if key:
        del request.session[SESSION_KEY]
        cache.delete(_cache_key(key))
    return kept if is_mine else None


def page_of(request: HttpRequest) -> str:
    """The page of this site from which a form was sent, as the browser gives it, or ""."""
    referer = urlsplit(request.headers.get("Referer", ""))
    page = referer._replace(scheme="", netloc="").geturl()
    return page if referer.netloc == request.get_host() and page.startswith("/") else ""


def last_person(request: HttpRequest) -> int | None:
    """The key of who is logged in, or was the last to be, in this browser."""
    user: Any = request.user
    if user.is_authenticated:
        return int(user.pk)
    value = request.get_signed_cookie(COOKIE, default="", salt=COOKIE, max_age=COOKIE_SECONDS)
    return int(value) if value else None


def remember_person(request: HttpRequest, response: HttpResponse, *, was: bool) -> None:
    """`was`: somebody was logged in when the request came; who logs out is forgotten."""
    user: Any = request.user
    if not user.is_authenticated:
        if was:
            response.delete_cookie(COOKIE)
        return
    known = request.get_signed_cookie(COOKIE, default="", salt=COOKIE, max_age=COOKIE_SECONDS)
    if known != str(user.pk):
        response.set_signed_cookie(
            COOKIE,
            str(user.pk),
            salt=COOKIE,
            max_age=COOKIE_SECONDS,
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )


def _is_secret(name: str) -> bool:
    return name in NEVER or any(word in name.lower() for word in SECRET)


def _opens_an_account(path: str) -> bool:
    """Login, passwords, addresses; the technical administration."""
    return path.startswith(("/compte/", reverse("admin:index")))


def _cache_key(key: str) -> str:
    return f"{SESSION_KEY}:{key}"
