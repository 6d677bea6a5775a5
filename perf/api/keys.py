"""The key of the ANS, for what its supervision sends."""

from __future__ import annotations

from django.http import HttpRequest
from ninja.errors import HttpError
from ninja.security import HttpBasicAuth

from accounts.enums import Kind
from accounts.models import ApiToken
from api.keys import ApiKey, allowed

ANS_ONLY = "Seule une clé de l'ANS transmet les incidents de la supervision."


class SupervisionKey(ApiKey):
    """In the header that Better Stack lets one add."""

    def authenticate(self, _request: HttpRequest, token: str) -> ApiToken | None:
        return of_ans(allowed(token))


class SupervisionPassword(HttpBasicAuth):
    """The same key as the password of HTTP Basic; the user's name says nothing."""

    def authenticate(self, _request: HttpRequest, _name: str, password: str) -> ApiToken | None:
        return of_ans(allowed(password))


def of_ans(token: ApiToken | None) -> ApiToken | None:
    if token is not None and token.organisation.kind != Kind.ANS:
        raise HttpError(403, ANS_ONLY)
    return token
