"""A notification is read once, and stays read."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from mailing.models import OutgoingMail

if TYPE_CHECKING:
    from accounts.models import User


def mark_read(mail: OutgoingMail, *, now: dt.datetime) -> None:
    OutgoingMail.objects.filter(pk=mail.pk).unread().update(read_at=now)


def mark_all_read(user: User, *, now: dt.datetime) -> int:
    """Returns how many were unread."""
    return OutgoingMail.objects.notifications_of(user, now=now).unread().update(read_at=now)
