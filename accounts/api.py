"""Who calls the API: the key, and the person who answers for it."""

from django.http import HttpRequest
from django.utils import timezone

from accounts.models import ApiToken, User
from journal.rules.by import By


def caller(request: HttpRequest) -> ApiToken:
    token: ApiToken = request.auth  # type: ignore[attr-defined]  # set by ninja
    return token


def reader(request: HttpRequest) -> User:
    """What `visible_to` and the permissions ask: the holder, a member of the key's organisation
    alone."""
    user = caller(request).held_by
    assert user is not None  # noqa: S101  (a key without holder is not usable)
    return user


def acting(request: HttpRequest) -> By:
    return By.software(caller(request), timezone.now())
