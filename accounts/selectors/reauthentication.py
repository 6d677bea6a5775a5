"""Whether somebody has proved lately that they are who the session says."""

import datetime as dt

from allauth.account import app_settings
from allauth.account.internal.flows.login import get_authentication_records
from django.http import HttpRequest
from django.utils import timezone

LOGGED_IN_AT = "logged_in_at"
"""In the session: when it began, an instant in ISO form."""


def is_recent(request: HttpRequest) -> bool:
    """By a login or by a confirmation since, within ACCOUNT_REAUTHENTICATION_TIMEOUT."""
    if not request.user.is_authenticated:
        return False
    proved = [
        dt.datetime.fromtimestamp(record["at"], dt.UTC)
        for record in get_authentication_records(request, request.user)
        if record.get("reauthenticated")
    ]
    if began := request.session.get(LOGGED_IN_AT):
        proved.append(dt.datetime.fromisoformat(began))
    lifetime = dt.timedelta(seconds=app_settings.REAUTHENTICATION_TIMEOUT)
    return bool(proved) and abs(timezone.now() - max(proved)) < lifetime
