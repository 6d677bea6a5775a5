"""The browsers that a person has logged in from: a signed cookie, which a new password ends."""

import datetime as dt

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare, salted_hmac

from accounts.models import User

AGE = dt.timedelta(days=365)
PEOPLE = 10
"""How many may share a browser: the one longest away is forgotten first."""

_signer = Signer(salt="accounts.devices")


def is_known(request: HttpRequest, user: User) -> bool:
    return any(constant_time_compare(one, _mark(user)) for one in _marks(request))


def remember(request: HttpRequest, response: HttpResponse, user: User) -> None:
    mark = _mark(user)
    others = [one for one in _marks(request) if one != mark]
    response.set_cookie(
        settings.DEVICE_COOKIE_NAME,
        _signer.sign_object([mark, *others][:PEOPLE]),
        max_age=AGE,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _marks(request: HttpRequest) -> list[str]:
    try:
        marks: list[str] = _signer.unsign_object(request.COOKIES[settings.DEVICE_COOKIE_NAME])
    except (KeyError, BadSignature):
        return []
    return marks


def _mark(user: User) -> str:
    return salted_hmac("accounts.device", f"{user.pk}\n{user.password}").hexdigest()
