"""Who calls: the key of an organisation. The cookies of the site open nothing here."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils import timezone
from ninja.errors import HttpError
from ninja.security import HttpBasicAuth, HttpBearer

from accounts.enums import Kind
from accounts.models import ApiToken
from accounts.rates import is_within
from accounts.services.api_tokens import authenticate

PER_MINUTE = 600
"""Calls of one key in one minute."""

TOO_MANY = f"Cette clé a fait plus de {PER_MINUTE} appels en une minute : attendez la suivante."
ANS_ONLY = "Seule une clé de l'ANS transmet les incidents de la supervision."


class ApiKey(HttpBearer):
    """`Authorization: Bearer <key>`."""

    def authenticate(self, _request: HttpRequest, token: str) -> ApiToken | None:
        return allowed(token)


class SupervisionKey(ApiKey):
    """The key of the ANS, in the header that Better Stack lets one add."""

    def authenticate(self, _request: HttpRequest, token: str) -> ApiToken | None:
        return of_ans(allowed(token))


class SupervisionPassword(HttpBasicAuth):
    """The same key as the password of HTTP Basic; the user's name says nothing."""

    def authenticate(self, _request: HttpRequest, _name: str, password: str) -> ApiToken | None:
        return of_ans(allowed(password))


def allowed(key: str) -> ApiToken | None:
    now = timezone.now()
    token = authenticate(key, now)
    if token is None:
        return None
    if not is_within(f"api:{token.pk}", per_minute=PER_MINUTE, now=now):
        raise HttpError(429, TOO_MANY)
    return token


def of_ans(token: ApiToken | None) -> ApiToken | None:
    if token is not None and token.organisation.kind != Kind.ANS:
        raise HttpError(403, ANS_ONLY)
    return token
