"""The last look before a reminder leaves, and what its fate does to its rows."""

import datetime as dt

from calendar_app.enums import REMINDER_MAIL, ReminderState
from calendar_app.models import Reminder
from calendar_app.rules.steps import is_open, next_opening
from calendar_app.rules.triage import triage
from calendar_app.rules.wishes import Answer
from calendar_app.selectors.reminders import facts, wishes_of
from calendar_app.services.reminders.content import TEMPLATE, attachments_of, context_of
from calendar_app.services.reminders.dispatching import settle_dropped
from mailing.enums import MailState
from mailing.models import OutgoingMail
from mailing.rules import kind_of
from mailing.services.kinds import Freshness, Verdict
from mailing.services.mail import complete
from segur.lib import paris

ON_SITE = f"Sans courriel : {Answer.NO_KIND.value}."
NOTHING_LEFT = "Plus rien à rappeler au moment de l'envoi."


def freshen(mail: OutgoingMail, now: dt.datetime) -> Freshness:
    """Ask again, at sending, whether an optional mail is wanted, now and by mail, and still true
    (ADR 0021).

    A reminder drops the items filed, moved or refused meanwhile, and is composed here, with what is
    left, for the person's present address.
    """
    if mail.kind == REMINDER_MAIL:
        return _freshen_reminder(mail, now)
    kind = kind_of(mail.kind)
    if not kind.is_optional or not mail.user_id:
        return Freshness(Verdict.READY)
    wishes = wishes_of([mail.user_id])[mail.user_id]
    about = int(mail.topic) if mail.topic else None
    if wishes.answer(kind, dispositif_id=about, day=paris.day(now)) is Answer.NO_KIND:
        return Freshness(Verdict.SHOWN, ON_SITE)
    if wishes.general.quiet and not is_open(now):
        return Freshness(Verdict.POSTPONED, until=next_opening(now))
    return Freshness(Verdict.READY)


def settle(mail: OutgoingMail, state: MailState, words: str, now: dt.datetime) -> None:
    """The rows of a mail that has left, or failed for good, follow it."""
    sent = state in (MailState.SENT, MailState.SHOWN)
    Reminder.objects.filter(mail=mail, state=ReminderState.CLAIMED).update(
        state=ReminderState.SENT if sent else ReminderState.FAILED,
        state_reason=words[:200],
        sent_at=now if sent else None,
    )


def _freshen_reminder(mail: OutgoingMail, now: dt.datetime) -> Freshness:
    rows = Reminder.objects.filter(mail=mail, state=ReminderState.CLAIMED)
    rows = rows.select_related("deadline", "recipient")
    sorted_rows = triage(facts(list(rows), now=now), now)
    settle_dropped(sorted_rows, expected=ReminderState.CLAIMED)
    if sorted_rows.go:
        _release([*sorted_rows.paused, *sorted_rows.closed_hours])
        _release(sorted_rows.shown)
        _compose(mail, sorted_rows.go, now)
        return Freshness(Verdict.READY)
    _release(sorted_rows.paused)
    if sorted_rows.shown:
        _release(sorted_rows.closed_hours)
        _compose(mail, sorted_rows.shown, now)
        return Freshness(Verdict.SHOWN, ON_SITE)
    if sorted_rows.closed_hours:
        return Freshness(Verdict.POSTPONED, until=next_opening(now))
    return Freshness(Verdict.CANCELLED, NOTHING_LEFT)


def _release(rows: list[Reminder]) -> None:
    """Give rows back to the dispatcher: the end of a pause, or the next opening, is theirs."""
    Reminder.objects.filter(pk__in=[row.pk for row in rows], state=ReminderState.CLAIMED).update(
        state=ReminderState.SCHEDULED, mail=None
    )


def _compose(mail: OutgoingMail, rows: list[Reminder], now: dt.datetime) -> None:
    user = rows[0].recipient
    complete(
        mail,
        user=user,
        template=TEMPLATE,
        context=context_of(rows, user=user, now=now),
        attachments=attachments_of(rows),
    )
