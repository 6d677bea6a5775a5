"""Who sees what: every lookup starts from `visible_to`."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Self, TypeVar

from django.db import models

from mailing.enums import MailState

if TYPE_CHECKING:
    from accounts.models import User
    from mailing.models import ArchivedMail, OutgoingMail  # noqa: F401

SHOWN_FOR = dt.timedelta(days=365)
"""How long a notification is shown; the mail itself stays in the ledger."""

M_co = TypeVar("M_co", bound=models.Model, covariant=True)


class OwnQuerySet(models.QuerySet[M_co]):
    """Rows of one person: nobody else sees them, whatever the organisation."""

    owner = "user"

    def visible_to(self, user: User) -> Self:
        return self.filter(**{self.owner: user})


class MailQuerySet(OwnQuerySet[M_co]):
    def without_content(self) -> Self:
        """For lists: what a mail says is read on its own page."""
        return self.defer("body_text", "body_html", "attachments", "headers")


class OutgoingMailQuerySet(MailQuerySet["OutgoingMail"]):
    def notifications_of(self, user: User, *, now: dt.datetime) -> Self:
        """What happened to this person within a year, unread first, then the newest. What was not
        composed yet, or never left since it was no longer true, is no news.
        """
        mine = self.visible_to(user).filter(created_at__gt=now - SHOWN_FOR).exclude(subject="")
        unread = models.ExpressionWrapper(models.Q(read_at=None), models.BooleanField())
        news = mine.exclude(state=MailState.CANCELLED).annotate(is_unread=unread)
        return news.order_by("-is_unread", "-created_at", "-pk")

    def unread(self) -> Self:
        return self.filter(read_at=None)


class ArchivedMailQuerySet(MailQuerySet["ArchivedMail"]):
    """Not filtered beyond what its indexes hold: no notification is as old."""
