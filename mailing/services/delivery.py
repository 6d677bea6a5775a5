"""Send what the ledger holds: claimed, sent outside any transaction, then recorded.

1. Claim by conditional update: a waiting mail that is due, or one whose lease has run out. Commit.
2. Ask the app of the mail (`kinds`) whether it is still wanted; a reminder is composed. Commit.
   The claim stands before this: a mail that cannot be composed keeps its lease, is logged and tried
   again when the lease has run out; the others go first.
3. Send. No transaction is open while a mail server takes its time.
4. Record the outcome, only if the claim is still ours: `attempts` tells, every claim adds one.

Promised: nothing is lost, since the row stays until its fate is known; never two attempts at once
while they keep to their lease, which is longer than the time limit of a task; at most one
duplicate, with the same Message-ID, and only if the process dies between the server's answer and 4.
"""

import base64
import datetime as dt
import logging
import smtplib
import time
from enum import Enum
from typing import NamedTuple

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.db import transaction
from django.db.models import F, Q

from mailing.enums import MailState
from mailing.models import OutgoingMail
from mailing.querysets import OutgoingMailQuerySet
from mailing.services import kinds
from mailing.services.kinds import Verdict

SITE_REFUSED = (
    smtplib.SMTPAuthenticationError,
    smtplib.SMTPConnectError,
    smtplib.SMTPHeloError,
    smtplib.SMTPSenderRefused,
)
"""The site is at fault, not the recipient: worth trying again once it is corrected."""


class SendFate(Enum):
    SENT = "sent"
    REFUSED = "refused for good"
    LATER = "try again"


class Outcome(NamedTuple):
    fate: SendFate
    words: str = ""


def send(mail: OutgoingMail) -> Outcome:
    """Send through MAIL_TRANSPORT. Never inside a transaction: a server may take its time."""
    transport = settings.MAIL_TRANSPORT
    connection = get_connection(transport["backend"], **transport["options"])
    try:
        connection.send_messages([_message(mail)])
    except smtplib.SMTPRecipientsRefused as refusal:
        return _answer(*next(iter(refusal.recipients.values())))
    except SITE_REFUSED as e:
        return Outcome(SendFate.LATER, _words(e.smtp_code, e.smtp_error))
    except smtplib.SMTPResponseException as refusal:
        return _answer(refusal.smtp_code, refusal.smtp_error)
    except OSError as failure:  # connection refused, lost, too slow; every other SMTPException
        return Outcome(SendFate.LATER, f"Serveur de courriel injoignable : {failure}")
    except ValueError as error:  # an address or a header that no mail can carry
        return Outcome(SendFate.REFUSED, f"Courriel impossible à former : {error}")
    return Outcome(SendFate.SENT)


def _answer(code: int, answer: bytes | str) -> Outcome:
    """RFC 5321: 5yz is a refusal for good, 4yz asks to come back later."""
    fate = SendFate.REFUSED if str(code).startswith("5") else SendFate.LATER
    return Outcome(fate, _words(code, answer))


def _words(code: int, answer: bytes | str) -> str:
    text = answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer
    return f"Réponse du serveur de courriel : {code} {text}".strip()


def _message(mail: OutgoingMail) -> EmailMultiAlternatives:
    message = EmailMultiAlternatives(
        subject=mail.subject,
        body=mail.body_text,
        to=[mail.to_email],
        headers={
            "Auto-Submitted": "auto-generated",
            **mail.headers,
            "Message-ID": mail.message_id,
        },
    )
    if mail.body_html:
        message.attach_alternative(mail.body_html, "text/html")
    for item in mail.attachments:
        content = base64.b64decode(item["content"]) if item["is_base64"] else item["content"]
        message.attach(item["name"], content, item["content_type"])
    return message


log = logging.getLogger(__name__)

LEASE = dt.timedelta(minutes=6)
MAX_ATTEMPTS = 8
BACK_OFF = tuple(dt.timedelta(minutes=m) for m in (1, 5, 15, 60, 180, 360, 720))
"""What separates one attempt from the next: the last is made some 22 hours after the first."""

NOT_SENT = {Verdict.CANCELLED: MailState.CANCELLED, Verdict.SHOWN: MailState.SHOWN}

RUN_SECONDS = 45.0
"""A run of `deliver_waiting` starts no new mail after this: the next run is a minute later."""


def deliver(mail_id: int, *, now: dt.datetime) -> None:
    """Attempt one mail, unless it has gone, is not due yet, or somebody else has it."""
    _deliver_one(OutgoingMail.objects.filter(pk=mail_id), now=now)


def deliver_waiting(*, now: dt.datetime) -> int:
    """Deal with all that is due, whatever became of the messages of the broker. How many were."""
    count = 0
    stop = time.monotonic() + RUN_SECONDS
    while time.monotonic() < stop and _deliver_one(OutgoingMail.objects.all(), now=now):
        count += 1
    return count


def _deliver_one(mails: OutgoingMailQuerySet, *, now: dt.datetime) -> bool:
    """Deal with the first of these that is due; False when there is none."""
    mail = _claim(mails, now=now)
    if mail is None:
        return False
    if mail.attempts > MAX_ATTEMPTS:
        words = f"Envoi interrompu {MAX_ATTEMPTS} fois sans réponse du serveur de courriel."
        _record(mail, Outcome(SendFate.REFUSED, words), now=now)
    elif _is_ready(mail, now=now):
        _record(mail, send(mail), now=now)
    return True


@transaction.atomic
def _claim(mails: OutgoingMailQuerySet, *, now: dt.datetime) -> OutgoingMail | None:
    due = Q(state=MailState.QUEUED, next_attempt_at__lte=now) | Q(
        state=MailState.SENDING, lease_until__lte=now
    )
    rows = mails.filter(due).select_for_update(skip_locked=True)
    mail = rows.order_by("next_attempt_at", "pk").first()  # as they were written
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


@transaction.atomic
def _is_ready(mail: OutgoingMail, *, now: dt.datetime) -> bool:
    """The last look: still wanted, still true, within hours."""
    verdict, words, until = kinds.freshen(mail, now=now)
    if verdict is Verdict.READY:
        return True
    mail.lease_until = None
    mail.attempts -= 1
    if verdict is Verdict.POSTPONED and until:
        mail.state, mail.next_attempt_at = MailState.QUEUED, until
    else:
        mail.state, mail.error = NOT_SENT[verdict], words
    mail.save(update_fields=["state", "lease_until", "attempts", "next_attempt_at", "error"])
    if mail.state == MailState.SHOWN:
        kinds.settle(mail, state=MailState.SHOWN, words=words, now=now)
    return False


@transaction.atomic
def _record(mail: OutgoingMail, outcome: Outcome, *, now: dt.datetime) -> None:
    changes = _changes(mail, outcome, now=now)
    ours = OutgoingMail.objects.filter(
        pk=mail.pk, state=MailState.SENDING, attempts=mail.attempts
    ).update(**changes)
    if not ours:
        log.warning("mail %s was taken over while being sent: %s", mail.pk, outcome)
    elif changes["state"] != MailState.QUEUED:
        state = MailState(str(changes["state"]))
        kinds.settle(mail, state=state, words=outcome.words, now=now)


def _changes(mail: OutgoingMail, outcome: Outcome, *, now: dt.datetime) -> dict[str, object]:
    if outcome.fate is SendFate.LATER and mail.attempts < MAX_ATTEMPTS:
        return {
            "state": MailState.QUEUED,
            "next_attempt_at": now + BACK_OFF[mail.attempts - 1],
            "lease_until": None,
            "error": outcome.words,
        }
    sent = outcome.fate is SendFate.SENT
    wiped = {"body_text": "", "body_html": "", "attachments": []} if mail.is_sensitive else {}
    return {
        "state": MailState.SENT if sent else MailState.FAILED,
        "sent_at": now if sent else None,
        "lease_until": None,
        "error": outcome.words,
        **wiped,
    }
