"""Who calls the API: the key, and the person who answers for it."""

from django.http import HttpRequest

from accounts.models import ApiToken, User


def caller(request: HttpRequest) -> ApiToken:
    token: ApiToken = request.auth  # type: ignore[attr-defined]  # set by ninja
    return token


def reader(request: HttpRequest) -> User:
    """What `visible_to` and the permissions ask: the holder, a member of the key's organisation
    alone."""
    user = caller(request).held_by
    assert user is not None  # noqa: S101  (a key without holder is not usable)
    return user
