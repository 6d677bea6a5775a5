"""Send what the ledger holds: claimed, sent outside any transaction, then recorded.

1. Claim by conditional update: a waiting mail that is due, or one whose lease has run out. Commit.
2. Ask the app of the mail (`kinds`) whether it is still wanted; a reminder is composed. Commit.
   The claim stands before this: a mail that cannot be composed keeps its lease, is logged and tried
   again when the lease has run out; the others go first.
3. Send. No transaction is open while a mail server takes its time. Once the server has agreed to
   the recipient and asks for the content, the claim is looked at again, the attempt is counted in
   `doubts` and the lease covers the minutes that the server has to answer. Commit, then content.
4. Record the outcome, only if the claim is still ours: `attempts` shows it, every claim adds one. A
   known fate takes the doubt back. A database that is away is asked again until the lease ends.

Where the database goes away before the content (the commit of 1, 2, or the claim looked at again in
3), nothing has left: the mail is given back as soon as the database answers, in place of waiting
for its lease.

Promised: nothing is lost, since the row stays until its fate is known; never two attempts at once,
since an attempt that lost its claim hands nothing over; at most one duplicate, with the same
Message-ID, in two windows only: the process or the database is lost between the server's answer and
4; the connection is lost after the content. Both leave a doubt, and the second doubt is the last:
the mail ends as «peut-être reçu».
"""

import datetime as dt
import logging
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import TypeAlias

from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.models import F, Q

from mailing.enums import MailState
from mailing.models import OutgoingMail
from mailing.querysets import OutgoingMailQuerySet
from mailing.services import kinds, queue
from mailing.services.kinds import Verdict
from mailing.services.relay import PERHAPS, Outcome, Relay, SendFate
from mailing.services.smtp import BLOCK_SECONDS, DOT_SECONDS
from segur.queue import HELP_DELIVER, enqueue

log = logging.getLogger(__name__)

MARGIN = dt.timedelta(minutes=1)
LEASE = dt.timedelta(minutes=6)
"""From the claim to the content: the commands have all of it but MARGIN."""
CONTENT_LEASE = dt.timedelta(seconds=BLOCK_SECONDS + DOT_SECONDS) + MARGIN
"""From the content to the record of its fate."""
MAX_ATTEMPTS = 12
BACK_OFF = tuple(dt.timedelta(minutes=m) for m in (1, 5, 15, 60, 180, 360, *[720] * 5))
"""What separates one attempt from the next: the last is made some three days after the first."""
MAX_DOUBTS = 2
"""Attempts whose fate is unknown: one may have been received, and one more try was made."""
RECORD_PAUSE = 1.0
DATABASE_ERRORS = (OperationalError, InterfaceError)

LINKS_KEPT = dt.timedelta(days=3)
WIPED: dict[str, object] = {"body_text": "", "body_html": "", "attachments": []}
ENDED = (MailState.FAILED, MailState.UNKNOWN, MailState.BOUNCED, MailState.CANCELLED)
NOT_SENT = {Verdict.CANCELLED: MailState.CANCELLED, Verdict.SHOWN: MailState.SHOWN}

BATCH, HELPERS = 50, 8
RUN_SECONDS = 45.0
"""A run of `deliver_waiting` starts no new mail after this: the next run is a minute later."""

Clock: TypeAlias = Callable[[], dt.datetime]


class TakenOverError(Exception):
    """The lease ran out before the content was sent: the mail belongs to another attempt."""


def deliver(mail_id: int, *, now: dt.datetime) -> None:
    """Attempt one mail, unless it has gone, is not due yet, or somebody else has it; then the
    others that are due, over the same connection.
    """
    with Relay() as relay:
        if _deliver_one(OutgoingMail.objects.filter(pk=mail_id), relay, _clock(now)):
            _deliver_all(relay, now)


def deliver_waiting(*, now: dt.datetime) -> int:
    """Deal with all that is due, with or without messages of the broker. Returns how many were."""
    with Relay() as relay:
        return _deliver_all(relay, now)


def _deliver_all(relay: Relay, now: dt.datetime) -> int:
    count = 0
    stop = time.monotonic() + RUN_SECONDS
    clock = _clock(now)
    while time.monotonic() < stop and _deliver_one(OutgoingMail.objects.all(), relay, clock):
        count += 1
    return count


def share_waiting(*, now: dt.datetime) -> int:
    """Ask as many more workers as there are batches that wait, up to HELPERS. How many."""
    if not queue.is_open(now=now):
        return 0
    due = OutgoingMail.objects.filter(state=MailState.QUEUED, next_attempt_at__lte=now)
    helpers = due[: HELPERS * BATCH].count() // BATCH
    for _ in range(helpers):
        enqueue(HELP_DELIVER)
    return helpers


def _clock(now: dt.datetime) -> Clock:
    """The instant of the run, moved on by each whole minute that passes: servers take many."""
    start = time.monotonic()
    return lambda: now + dt.timedelta(minutes=(time.monotonic() - start) // 60)


def _deliver_one(mails: OutgoingMailQuerySet, relay: Relay, clock: Clock) -> bool:
    """Deal with the first of these that is due; False when there is none."""
    if not queue.is_open(now=clock()):
        return False
    mail = _claim(mails, clock)
    if mail is None:
        return False
    if mail.doubts >= MAX_DOUBTS:
        _record(mail, Outcome(SendFate.UNKNOWN, PERHAPS), clock)
    elif mail.attempts > MAX_ATTEMPTS:
        words = f"Envoi interrompu {MAX_ATTEMPTS} fois sans réponse du serveur de courriel."
        _record(mail, Outcome(SendFate.REFUSED, words), clock)
    else:
        _attempt(mail, relay, clock)
    return True


def _attempt(mail: OutgoingMail, relay: Relay, clock: Clock) -> None:
    doubts, outcome = mail.doubts, None
    seconds = (LEASE - MARGIN).total_seconds()
    with _given_back(mail, clock):  # no error of the database is raised once the content has left
        if _is_ready(mail, now=clock()):
            outcome = relay.send(mail, seconds=seconds, hand_over=lambda: _hand_over(mail, clock))
    if outcome is None:
        return
    if outcome.fate is not SendFate.UNKNOWN:
        mail.doubts = doubts
    _record(mail, outcome, clock)


@contextmanager
def _given_back(mail: OutgoingMail, clock: Clock) -> Iterator[None]:
    """Around what precedes the content. A database that still answers has refused one statement:
    that is raised, and the lease keeps the mail from being tried in a loop.
    """
    claimed, doubts, lease = _ours(mail), mail.doubts, mail.lease_until
    link = connection.connection
    try:
        yield
    except TakenOverError:
        log.warning("mail %s was taken over before it was sent", mail.pk)
    except DATABASE_ERRORS as error:
        # The end of a transaction connects again by itself.
        if connection.connection is link and connection.is_usable():
            raise
        log.warning("mail %s given back, the database went away: %s", mail.pk, error)
        # A commit that was not answered may have been made: of `_hand_over`, with its lease; of
        # `_is_ready`, after which another claim may have as many attempts, never the same lease.
        rows = claimed.filter(lease_until__in=(lease, mail.lease_until))
        again = {"state": MailState.QUEUED, "doubts": doubts, "lease_until": None}
        _insist(lambda: rows.update(next_attempt_at=clock(), **again), until=lease, clock=clock)


def _hand_over(mail: OutgoingMail, clock: Clock) -> None:
    """From here on the mail may have been received. Raises TakenOverError."""
    mail.lease_until = clock() + CONTENT_LEASE
    if not _ours(mail).update(doubts=F("doubts") + 1, lease_until=mail.lease_until):
        raise TakenOverError
    mail.doubts += 1


def _ours(mail: OutgoingMail) -> OutgoingMailQuerySet:
    return OutgoingMail.objects.filter(pk=mail.pk, state=MailState.SENDING, attempts=mail.attempts)


def _claim(mails: OutgoingMailQuerySet, clock: Clock) -> OutgoingMail | None:
    """None when there is nothing that is due. A commit that was not answered may have been made or
    not: the mail is given back if it was, and claimed again.
    """
    while True:
        with ExitStack() as claim:
            with transaction.atomic():
                if mail := _take(mails, now=clock()):
                    claim.enter_context(_given_back(mail, clock))
            return mail


def _take(mails: OutgoingMailQuerySet, *, now: dt.datetime) -> OutgoingMail | None:
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


def _record(mail: OutgoingMail, outcome: Outcome, clock: Clock) -> None:
    """An outcome that is not recorded is a mail sent twice."""
    lease = mail.lease_until
    _insist(lambda: _record_once(mail, outcome, now=clock()), until=lease, clock=clock)


def _insist(write: Callable[[], object], *, until: dt.datetime | None, clock: Clock) -> None:
    """Write as soon as the database answers, before the end of the lease."""
    while True:
        try:
            write()
        except DATABASE_ERRORS as error:
            if until is None or clock() >= until:
                raise
            log.warning("the database is away, tried again: %s", error)
            connection.close()
            time.sleep(RECORD_PAUSE)
        else:
            return


@transaction.atomic
def _record_once(mail: OutgoingMail, outcome: Outcome, *, now: dt.datetime) -> None:
    outcome = queue.judge(mail, outcome, now=now)
    changes = _changes(mail, outcome, now=now)
    if not _ours(mail).update(**changes):
        log.warning("mail %s was taken over while being sent: %s", mail.pk, outcome)
    elif changes["state"] != MailState.QUEUED:
        state = MailState(str(changes["state"]))
        kinds.settle(mail, state=state, words=outcome.words, now=now)


def _changes(mail: OutgoingMail, outcome: Outcome, *, now: dt.datetime) -> dict[str, object]:
    again = {
        SendFate.LATER: mail.attempts < MAX_ATTEMPTS,
        SendFate.SITE: mail.attempts < MAX_ATTEMPTS,
        SendFate.UNKNOWN: mail.attempts < MAX_ATTEMPTS and mail.doubts < MAX_DOUBTS,
    }
    known = {"doubts": mail.doubts, "lease_until": None, "error": outcome.words}
    if again.get(outcome.fate):
        return {
            "state": MailState.QUEUED,
            "next_attempt_at": now + BACK_OFF[mail.attempts - 1],
            **known,
        }
    sent = outcome.fate is SendFate.SENT
    wiped = WIPED if mail.is_sensitive and sent else {}
    return {"state": _end_of(mail, outcome), "sent_at": now if sent else None, **known, **wiped}


def wipe_undelivered(*, now: dt.datetime) -> int:
    """The personal links of what never left: kept as long as it may be sent again. How many."""
    old = OutgoingMail.objects.filter(is_sensitive=True, created_at__lt=now - LINKS_KEPT)
    return old.filter(state__in=ENDED).exclude(body_text="").update(**WIPED)


def _end_of(mail: OutgoingMail, outcome: Outcome) -> MailState:
    """A mail that may have been received has not failed, whatever its last attempt met."""
    if outcome.fate is SendFate.SENT:
        return MailState.SENT
    return MailState.UNKNOWN if mail.doubts else MailState.FAILED
