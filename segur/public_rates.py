"""How often whoever is not logged in may ask: by key where a key opens the address, else by the
address that they call from. A key of the API has its own bound besides (`api.keys`).
"""

import hashlib
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.core.cache import caches
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import Resolver404, resolve
from django.utils import timezone

from api.enums import Scope
from api.keys import key_of
from api.problems import problem
from segur.rates import MINUTE, address_of, is_within, seconds_left
from segur.requests import Middleware

BY_KEY = {"calendars:private_feed": 30}
"""Calls a minute for each key: the server of an agenda asks for many people from one place."""
BY_ADDRESS = {"reminders:unsubscribe": 60, "accounts:invitation": 60}
"""Calls a minute from one place; any other public page has `RATE_PUBLIC`."""
OPEN_DATA_PER_MINUTE = 1_200
"""Calls a minute on the open data, for a key that may read it: what `deploy/nginx.conf` lets one
address do."""
TOO_MANY = "Trop de demandes en une minute depuis votre adresse : attendez la suivante."


class PublicRatesMiddleware(Middleware):
    """Refuses with 429 beyond the bounds. Any 429, whoever answers it, says when to try again."""

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self._refusal(request) or self.get_response(request)
        if response.status_code == HTTPStatus.TOO_MANY_REQUESTS:
            is_api = request.path.startswith("/api/")  # counts by minute; allauth, by more
            left = seconds_left(timezone.now()) if is_api else MINUTE
            response.setdefault("Retry-After", str(left))
        return response

    def _refusal(self, request: HttpRequest) -> HttpResponse | None:
        if request.user.is_authenticated:
            return None
        now = timezone.now()
        caller, per_minute = _bound(request)
        if is_within(caller, per_minute=per_minute, now=now, counts=caches["public"]):
            return None
        answer = (
            problem(request, HTTPStatus.TOO_MANY_REQUESTS, TOO_MANY)
            if request.path.startswith("/api/")
            else render(request, "429.html", status=HTTPStatus.TOO_MANY_REQUESTS)
        )
        answer["Retry-After"] = str(seconds_left(now))
        return answer


def _bound(request: HttpRequest) -> tuple[str, int]:
    """Who is counted, and how many calls a minute they have."""
    name, key = _asked(request.path_info)
    if per_minute := BY_KEY.get(name):
        return f"public:{name}:{key}", per_minute
    if key := _open_data_key(request):
        return f"public:open-data:{key.pk}", OPEN_DATA_PER_MINUTE
    address = address_of(request)
    if per_minute := BY_ADDRESS.get(name):
        return f"public:{name}:{address}", per_minute
    return f"public:{address}", settings.RATE_PUBLIC


def _open_data_key(request: HttpRequest) -> Any:
    """The key that a caller of the open data shows, which asks for none. One that is unknown, or is
    not for that, is as good as none."""
    scheme, _space, text = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not _is_open_data(request.path_info):
        return None
    found = key_of(request, text)
    return found if found and {Scope.OPEN_DATA, Scope.READ} & set(found.scopes) else None


def _is_open_data(path: str) -> bool:
    try:
        return hasattr(resolve(path).func, "is_open_data")
    except Resolver404:
        return False


def _asked(path: str) -> tuple[str, str]:
    """The name of the address, and the digest of its key, if it has one."""
    try:
        match = resolve(path)
    except Resolver404:
        return "", ""
    key = str(match.kwargs.get("token", ""))
    return match.view_name, hashlib.sha256(key.encode()).hexdigest()
