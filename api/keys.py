"""Who calls: the key of an organisation. The cookies of the site open nothing here."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Any

from allauth.account.adapter import get_adapter
from django.http import HttpRequest
from django.utils import timezone
from ninja.security import HttpBearer

from api.enums import Scope
from api.problems import Refusal, Words
from segur.rates import is_within

PER_MINUTE = 600
"""Calls of one key in one minute."""

TOO_MANY = Words(
    f"Cette clé a fait plus de {PER_MINUTE} appels en une minute : attendez la suivante.",
    f"This key made more than {PER_MINUTE} calls in a minute: wait for the next one.",
)

Find = Callable[[str, str, dt.datetime], Any]
_find: list[Find] = []


def use(find: Find) -> None:
    """Called by `registrations.py` of the app that keeps the keys: text of a key, address of the
    caller, now → the key, with its `scopes`, or None."""
    _find[:] = [find]


class ApiKey(HttpBearer):
    """`Authorization: Bearer <key>`, for a key that has one of these scopes."""

    def __init__(self, *scopes: Scope) -> None:
        super().__init__()
        self.scopes = scopes

    def authenticate(self, request: HttpRequest, token: str) -> Any:
        return allowed(request, token, self.scopes)


def key_of(request: HttpRequest, text: str) -> Any:
    """The usable key of this text, or None."""
    [find] = _find
    return find(text, get_adapter().get_client_ip(request), timezone.now())


def allowed(request: HttpRequest, text: str, scopes: Sequence[Scope]) -> Any:
    """The key, or None. Raises Refusal 403 outside its scopes, 429 beyond `PER_MINUTE`."""
    now, key = timezone.now(), key_of(request, text)
    if key is None:
        return None
    if not is_within(f"api:{key.pk}", per_minute=PER_MINUTE, now=now):
        raise Refusal(429, TOO_MANY)
    if not set(scopes) & set(key.scopes):
        raise Refusal(403, _not_in_scope(scopes[0]))
    return key


def _not_in_scope(scope: Scope) -> Words:
    return Words(
        f"Cette clé n'est pas créée pour cela : « {scope.label} ».",
        f"This key does not have the scope {scope.value} (“{scope.label}”).",
    )
