"""What happened to a person: the mails of the ledger, as the page Notifications shows them."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from mailing.models import OutgoingMail
from mailing.rules import MailKind, kind_of

if TYPE_CHECKING:
    from accounts.models import User

COUNTED = 100
"""The bell says no more than «99+»."""


def unread_count(user: User, *, now: dt.datetime) -> int:
    unread = OutgoingMail.objects.notifications_of(user, now=now).unread()
    return unread.order_by()[:COUNTED].count()


def kinds_of(user: User, *, now: dt.datetime) -> list[MailKind]:
    """The kinds of which this person has a notification, to filter by."""
    rows = OutgoingMail.objects.notifications_of(user, now=now)
    codes = rows.order_by("kind").values_list("kind", flat=True).distinct()
    return [kind_of(code) for code in codes]
