"""Send what the ledger holds: claimed, sent outside any transaction, then recorded.

1. Claim by conditional update: a waiting mail that is due, or one whose lease has run out. Commit.
2. Send. No transaction is open while a mail server takes its time.
3. Record the outcome, only if the claim is still ours: `attempts` tells, every claim adds one.

Promised: nothing is lost, since the row stays until its fate is known; never two attempts at once
while they keep to their lease, which is longer than the time limit of a task; at most one
duplicate, with the same Message-ID, and only if the process dies between the server's answer and 3.
"""

import datetime as dt
import logging
import time

from django.db import transaction
from django.db.models import F, Q

from calendar_app.enums import MailState
from calendar_app.mail.transport import Fate, Outcome, send
from calendar_app.models import OutgoingMail
from calendar_app.querysets import OutgoingMailQuerySet

log = logging.getLogger(__name__)

LEASE = dt.timedelta(minutes=6)
MAX_ATTEMPTS = 8
BACK_OFF = tuple(dt.timedelta(minutes=m) for m in (1, 5, 15, 60, 180, 360, 720))
"""What separates one attempt from the next: the last is made some 22 hours after the first."""

RUN_SECONDS = 45.0
"""A run of `deliver_waiting` starts no new mail after this: the next run is a minute later."""


def deliver(mail_id: int, *, now: dt.datetime) -> None:
    """Attempt one mail, unless it has gone, is not due yet, or somebody else has it."""
    mail = _claim(OutgoingMail.objects.filter(pk=mail_id), now=now)
    if mail:
        _attempt(mail, now=now)


def deliver_waiting(*, now: dt.datetime) -> int:
    """Attempt all that is due, whatever became of the messages of the broker. How many were."""
    attempted = 0
    stop = time.monotonic() + RUN_SECONDS
    while time.monotonic() < stop:
        mail = _claim(OutgoingMail.objects.all(), now=now)
        if mail is None:
            break
        _attempt(mail, now=now)
        attempted += 1
    return attempted


@transaction.atomic
def _claim(mails: OutgoingMailQuerySet, *, now: dt.datetime) -> OutgoingMail | None:
    due = Q(state=MailState.QUEUED, next_attempt_at__lte=now) | Q(
        state=MailState.SENDING, lease_until__lte=now
    )
    mail = mails.filter(due).select_for_update(skip_locked=True).order_by("next_attempt_at").first()
    if mail is None:
        return None
    # SQLite knows no row lock: there the condition alone decides who has it.
    claimed = OutgoingMail.objects.filter(due, pk=mail.pk).update(
        state=MailState.SENDING, lease_until=now + LEASE, attempts=F("attempts") + 1
    )
    if not claimed:
        return None
    mail.refresh_from_db()
    return mail


def _attempt(mail: OutgoingMail, *, now: dt.datetime) -> None:
    if mail.attempts > MAX_ATTEMPTS:
        words = f"Envoi interrompu {MAX_ATTEMPTS} fois sans réponse du serveur de courriel."
        _record(mail, Outcome(Fate.REFUSED, words), now=now)
        return
    _record(mail, send(mail), now=now)


@transaction.atomic
def _record(mail: OutgoingMail, outcome: Outcome, *, now: dt.datetime) -> None:
    changes = _changes(mail, outcome, now=now)
    ours = OutgoingMail.objects.filter(
        pk=mail.pk, state=MailState.SENDING, attempts=mail.attempts
    ).update(**changes)
    if not ours:
        log.warning("mail %s was taken over while being sent: %s", mail.pk, outcome)


def _changes(mail: OutgoingMail, outcome: Outcome, *, now: dt.datetime) -> dict[str, object]:
    if outcome.fate is Fate.LATER and mail.attempts < MAX_ATTEMPTS:
        return {
            "state": MailState.QUEUED,
            "next_attempt_at": now + BACK_OFF[mail.attempts - 1],
            "lease_until": None,
            "error": outcome.words,
        }
    sent = outcome.fate is Fate.SENT
    wiped = {"body_text": "", "body_html": "", "attachments": []} if mail.is_sensitive else {}
    return {
        "state": MailState.SENT if sent else MailState.FAILED,
        "sent_at": now if sent else None,
        "lease_until": None,
        "error": outcome.words,
        **wiped,
    }
