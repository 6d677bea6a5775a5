"""The mails of everybody, for those who answer for the site."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, F

from mailing.enums import MailState
from mailing.models import ArchivedMail, MailQueue, OutgoingMail
from segur.lib.remaining import Meaning

MEANINGS = {
    MailState.QUEUED: Meaning.TO_COME,
    MailState.SENDING: Meaning.TO_COME,
    MailState.SENT: Meaning.DONE,
    MailState.SHOWN: Meaning.DONE,
    MailState.UNKNOWN: Meaning.SOON,
    MailState.BOUNCED: Meaning.LATE,
    MailState.FAILED: Meaning.LATE,
    MailState.CANCELLED: Meaning.NEUTRAL,
}

VIEWS: dict[str, tuple[str, tuple[MailState, ...]]] = {
    "": ("Non remis", (MailState.FAILED, MailState.BOUNCED, MailState.UNKNOWN)),
    "attente": ("En attente", (MailState.QUEUED, MailState.SENDING)),
    "partis": ("Partis", (MailState.SENT, MailState.SHOWN)),
    "annules": ("Annulés", (MailState.CANCELLED,)),
}


LOOK_BACK = dt.timedelta(days=30)


@dataclass(frozen=True)
class Queue:
    """Whether mails leave, and since when not."""

    row: MailQueue
    waiting: int
    is_paused: bool

    @property
    def is_held(self) -> bool:
        return self.row.held_at is not None


def queue(*, now: dt.datetime) -> Queue:
    row = MailQueue.objects.filter(pk=1).first() or MailQueue(pk=1)
    waiting = OutgoingMail.objects.filter(state__in=VIEWS["attente"][1]).count()
    is_paused = row.paused_until is not None and row.paused_until > now
    return Queue(row, waiting, is_paused)


def undelivered_to(people: Iterable[int], *, now: dt.datetime) -> dict[int, str]:
    """Person → the last answer that refused or sent back a mail to their present address, of the
    last 30 days: nothing once the address is corrected."""
    refused = OutgoingMail.objects.filter(
        user__in=people,
        to_email=F("user__email"),
        state__in=(MailState.FAILED, MailState.BOUNCED),
        created_at__gt=now - LOOK_BACK,
    )
    return dict(refused.order_by("created_at", "pk").values_list("user_id", "error"))


def counts() -> dict[str, int]:
    """View → how many."""
    found: Counter[str] = Counter()
    for rows in (OutgoingMail.objects.all(), ArchivedMail.objects.all()):
        found.update(dict(rows.order_by().values_list("state").annotate(Count("pk"))))
    return {key: sum(found[state] for state in states) for key, (_, states) in VIEWS.items()}
