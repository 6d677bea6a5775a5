"""A mail that did not reach its reader leaves again: the same row, under the same Message-ID."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from mailing.enums import MailState
from mailing.models import OutgoingMail
from mailing.services import kinds
from segur.queue import DELIVER_MAIL, enqueue

UNDELIVERED = (MailState.FAILED, MailState.UNKNOWN, MailState.BOUNCED)
DROPPED = "Abandonné par un responsable de l'ANS avant son envoi."

REACHED = "Ce courriel n'est ni refusé, ni revenu, ni d'un sort inconnu."
LINK_GONE = (
    "Son lien personnel n'est plus gardé : la personne doit en demander un nouveau, ou être "
    "invitée de nouveau."
)
ERASED = "L'adresse de cette personne est effacée."
CLOSED = "Le compte de cette personne est désactivé."
NOT_WAITING = "Ce courriel n'attend pas."


def why_not_resent(mail: OutgoingMail) -> str:
    """Why this mail, whose `user` is loaded, cannot leave again; nothing when it can."""
    if mail.state not in UNDELIVERED:
        return REACHED
    if mail.is_sensitive and not mail.body_text:
        return LINK_GONE
    if not mail.to_email:
        return ERASED
    return CLOSED if mail.user and not mail.user.is_active else ""


def why_not_dropped(mail: OutgoingMail) -> str:
    return "" if mail.state == MailState.QUEUED else NOT_WAITING


def resend(mails: Iterable[OutgoingMail], *, now: dt.datetime) -> None:
    """To the present address of its reader; what a reminder says is composed at sending."""
    for mail in mails:
        mail.state, mail.next_attempt_at = MailState.QUEUED, now
        mail.attempts = mail.doubts = 0
        mail.error, mail.sent_at = "", None
        if mail.user:
            mail.to_email = mail.user.email
        mail.save()
        kinds.reopen(mail)
        enqueue(DELIVER_MAIL, mail.pk)


def drop(mails: Iterable[OutgoingMail], *, now: dt.datetime) -> None:
    """Of those that wait; a reminder of theirs is cancelled."""
    for mail in mails:
        mail.state, mail.error = MailState.CANCELLED, DROPPED
        mail.save(update_fields=["state", "error"])
        kinds.settle(mail, state=MailState.CANCELLED, words=DROPPED, now=now)
