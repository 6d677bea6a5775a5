"""The key of a source of the ANS's supervision: it opens nothing else."""

from __future__ import annotations

from django.http import HttpRequest
from ninja.security import HttpBasicAuth

from accounts.models import ApiToken
from api.enums import Scope
from api.keys import ApiKey, allowed
from api.problems import Refusal, Words
from api.signatures import is_authentic, is_signed

NOT_SIGNED = Words(
    "La signature de cet envoi manque, est fausse, ou a plus de cinq minutes.",
    "The signature of this delivery is missing, wrong, or older than five minutes.",
)


class SupervisionKey(ApiKey):
    """In the header that Better Stack lets one add."""

    def __init__(self) -> None:
        super().__init__(Scope.SUPERVISION)


class SupervisionPassword(HttpBasicAuth):
    """The same key as the password of HTTP Basic; the user's name says nothing."""

    def authenticate(self, request: HttpRequest, _name: str, password: str) -> ApiToken | None:
        found: ApiToken | None = allowed(request, password, [Scope.SUPERVISION])
        return found


def check_signature(source: ApiToken, request: HttpRequest, body: bytes) -> None:
    """Raises HttpError 401 for a signature that is wrong, or missing where the source signs."""
    signed = is_signed(request.headers)
    if signed and is_authentic(source.token_sha256, request.headers, body):
        return
    if signed or source.signs:
        raise Refusal(401, NOT_SIGNED)
