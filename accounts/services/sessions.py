"""Closing sessions of one's own: the browser that has one of them must log in again."""

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import QuerySet

from accounts.selectors.sessions import open_sessions
from journal.rules.by import By


@transaction.atomic
def sessions_close_others(*, current: str | None, by: By) -> int:
    """Returns how many there were."""
    return _close(open_sessions(by.actor, now=by.at).exclude(session_key=current))


@transaction.atomic
def session_close(*, session: UserSession, by: By) -> int:
    return _close(open_sessions(by.actor, now=by.at).filter(pk=session.pk))


def _close(rows: QuerySet[UserSession]) -> int:
    keys = list(rows.values_list("session_key", flat=True))
    Session.objects.filter(session_key__in=keys).delete()
    UserSession.objects.filter(session_key__in=keys).delete()
    return len(keys)
