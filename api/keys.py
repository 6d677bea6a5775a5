"""Who calls: the key of an organisation. The cookies of the site open nothing here."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from ninja.errors import HttpError
from ninja.security import HttpBearer

from segur.rates import is_within

PER_MINUTE = 600
"""Calls of one key in one minute."""

TOO_MANY = f"Cette clé a fait plus de {PER_MINUTE} appels en une minute : attendez la suivante."

Find = Callable[[str, dt.datetime], Any]
_find: list[Find] = []


def use(find: Find) -> None:
    """From the `ready()` of the app that keeps the keys: text of a key, now → the key, or None."""
    _find[:] = [find]


class ApiKey(HttpBearer):
    """`Authorization: Bearer <key>`."""

    def authenticate(self, _request: HttpRequest, token: str) -> Any:
        return allowed(token)


def allowed(text: str) -> Any:
    """The key, or None. Raises HttpError 429 beyond `PER_MINUTE`."""
    now = timezone.now()
    [find] = _find
    key = find(text, now)
    if key is not None and not is_within(f"api:{key.pk}", per_minute=PER_MINUTE, now=now):
        raise HttpError(429, TOO_MANY)
    return key
