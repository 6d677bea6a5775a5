"""The open sessions of a person, with their last use."""

import datetime as dt
from dataclasses import dataclass

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db.models import QuerySet

from accounts.models import User
from accounts.rules.devices import device_words


@dataclass(frozen=True, slots=True)
class OpenSession:
    pk: int
    device: str
    ip: str
    began_at: dt.datetime
    seen_at: dt.datetime
    is_current: bool


def open_sessions(user: User, *, now: dt.datetime) -> QuerySet[UserSession]:
    alive = Session.objects.filter(expire_date__gt=now).values("session_key")
    return UserSession.objects.filter(user_id=user.pk, session_key__in=alive)


def session_list(user: User, *, current: str | None, now: dt.datetime) -> list[OpenSession]:
    """This one first, then the last used first. One query."""
    rows = [
        OpenSession(
            pk=row.pk,
            device=device_words(row.user_agent),
            ip=row.ip,
            began_at=row.created_at,
            seen_at=row.last_seen_at,
            is_current=row.session_key == current,
        )
        for row in open_sessions(user, now=now).order_by("-last_seen_at", "-pk")
    ]
    return sorted(rows, key=lambda row: not row.is_current)
