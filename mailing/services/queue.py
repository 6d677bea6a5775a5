"""Whether mails may leave, for the whole site: paused after refusals that are the site's fault,
held by a person or after a restore.

One answer that refuses the site (authentication, sender, 5.7.x, a server that does not answer), or
the same refusal for several recipients in a row, keeps the mails. After MAIL_PAUSE_AFTER in a row
the queue waits, each time longer, then tries a few: their fate ends the pause or makes it longer.
"""

from __future__ import annotations

import datetime as dt
import logging

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from journal.rules.by import By
from journal.rules.workflow import LABELS
from journal.services.acts import lock_row
from journal.services.entries import write
from mailing.enums import MailState
from mailing.models import MailQueue, OutgoingMail
from mailing.services.relay import Outcome, SendFate
from mailing.services.resending import resend
from segur.lib import paris
from segur.operators import write_to

log = logging.getLogger(__name__)

PAUSES = tuple(dt.timedelta(minutes=m) for m in (1, 5, 15, 30, 60))
WORDS_KEPT = 500
SUBJECT = "Les courriels du site {site} sont refusés"
BODY = """{count} courriels de suite ont été refusés par le serveur de courriel. L'envoi est en
pause depuis le {now} et reprendra de lui-même ; aucun courriel n'est perdu.

Dernière réponse : {words}

Courriels en attente : {site}/courriels/
"""


def is_open(*, now: dt.datetime) -> bool:
    closed = Q(paused_until__gt=now) | Q(held_at__isnull=False)
    return not MailQueue.objects.filter(closed).exists()


@transaction.atomic
def judge(mail: OutgoingMail, outcome: Outcome, *, now: dt.datetime) -> Outcome:
    """The outcome in the light of those before it: a refusal that others were given too is the
    site's fault. Counts it, and pauses the queue where it must.
    """
    if outcome.fate is SendFate.SENT:
        MailQueue.objects.exclude(refusal="").update(
            refusal="", refused=[], pauses=0, paused_until=None
        )
        return outcome
    if outcome.fate is SendFate.UNKNOWN:
        return outcome
    words = _without_recipient(outcome.words, mail)
    log.warning("mail %s not taken (attempt %s): %s", mail.pk, mail.attempts, words)
    queue = locked()
    if words != queue.refusal:
        queue.refusal, queue.refused = words, []
    alike = OutgoingMail.objects.filter(pk__in=queue.refused)
    if outcome.fate is SendFate.SITE or not alike.filter(to_email=mail.to_email).exists():
        queue.refused = [*queue.refused, mail.pk][-settings.MAIL_PAUSE_AFTER :]
    if len(queue.refused) >= settings.MAIL_PAUSE_AFTER:
        _pause(queue, now=now)
        resend(alike.filter(state=MailState.FAILED), now=queue.paused_until or now)
        outcome = Outcome(SendFate.SITE, outcome.words)
    queue.save()
    return outcome


def _pause(queue: MailQueue, *, now: dt.datetime) -> None:
    """Mails that were under way when it began are not a second sign."""
    if queue.paused_until and queue.paused_until > now:
        return
    queue.paused_until = now + PAUSES[min(queue.pauses, len(PAUSES) - 1)]
    queue.pauses += 1
    if queue.pauses == 1:
        _tell_operators(queue, now=now)


def _tell_operators(queue: MailQueue, *, now: dt.datetime) -> None:
    """By the log at once; their mail waits with the others."""
    log.error("the mail queue is paused: %s in a row: %s", len(queue.refused), queue.refusal)
    text = BODY.format(
        count=len(queue.refused),
        now=paris.minute(now),
        words=queue.refusal,
        site=settings.SITE_URL,
    )
    write_to(settings.OPERATORS, SUBJECT.format(site=settings.SITE_URL), text)


@transaction.atomic
def hold(*, reason: str, now: dt.datetime) -> None:
    """Nothing leaves until `release_by`. `manage.py restore` calls it: what waits in a backup may
    have left since.
    """
    queue = locked()
    if queue.held_at is None:
        queue.held_at, queue.held_reason = now, reason
        queue.save()


@transaction.atomic
def hold_by(*, reason: str, by: By) -> None:
    """The act of a person."""
    hold(reason=reason, now=by.at)
    write(locked(), "mail.hold", by=by, what="Envoi des courriels suspendu", note=reason)


@transaction.atomic
def release_by(*, by: By) -> None:
    queue = locked()
    queue.held_at, queue.held_reason, queue.paused_until = None, "", None
    queue.save()
    write(queue, "mail.release", by=by, what="Envoi des courriels repris")


LABELS["mail.hold"] = "Envoi des courriels suspendu"
LABELS["mail.release"] = "Envoi des courriels repris"


def locked() -> MailQueue:
    return lock_row(MailQueue.objects.get_or_create(pk=1)[0])


def _without_recipient(words: str, mail: OutgoingMail) -> str:
    """What two recipients may have in common, and a log may hold."""
    return words.replace(mail.to_email, "…")[:WORDS_KEPT]
