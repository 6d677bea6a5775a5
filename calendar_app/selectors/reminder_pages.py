"""«Ce que j'ai reçu» and «ce que je vais recevoir», for one person."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import prefetch_related_objects

from accounts.models import User
from calendar_app.enums import ReminderState
from calendar_app.models import ArchivedReminder, Reminder
from calendar_app.rules.reminded import Key
from calendar_app.rules.steps import step_label
from calendar_app.rules.triage import DueReminder
from calendar_app.rules.wishes import Answer
from calendar_app.selectors.reminders import facts
from mailing.enums import MailState
from mailing.models import OutgoingMail
from mailing.querysets import OutgoingMailQuerySet
from mailing.selectors.archive import archived_mail, mails
from mailing.selectors.ledger import MEANINGS
from segur.lib.remaining import Meaning

HORIZON = dt.timedelta(days=30)
LOOK_BACK = dt.timedelta(days=30)
NOT_SENT_SHOWN = 20
WAITING = (MailState.QUEUED, MailState.SENDING)


@dataclass(frozen=True)
class Coming:
    """A reminder that will leave; `note` says what holds it back, if anything does."""

    reminder: Reminder
    step: str
    note: str


def received(user: User) -> OutgoingMailQuerySet:
    """Every mail to this person, newest first, without its bodies."""
    return mails(user=user)


def mail_of(user: User, pk: int) -> OutgoingMail | None:
    """One of them, as `/rappels/` shows it, with its bodies while they are kept."""
    mine = OutgoingMail.objects.visible_to(user)
    return mine.filter(pk=pk).first() or archived_mail(user=user, pk=pk)


def meaning_of(mail: OutgoingMail) -> Meaning:
    return MEANINGS[MailState(mail.state)]


def items_of(mail: OutgoingMail) -> list[Reminder]:
    """The reminders that a mail carries, or will carry, most urgent first."""
    rows = [*mail.reminders.select_related(*SHOWN), *_archived(mail)]
    return sorted(rows, key=lambda row: (row.last_at, row.key, row.step))


def _archived(mail: OutgoingMail) -> list[Reminder]:
    """Those of it that are archived, as they were; not those whose deadline or Fournisseur is gone,
    with which they would have gone too."""
    names = [field.attname for field in Reminder._meta.concrete_fields]  # noqa: SLF001
    values = ArchivedReminder.objects.filter(mail_id=mail.pk).values(*names)
    rows = [Reminder(**one) for one in values]
    prefetch_related_objects(rows, *SHOWN)
    return [row for row in rows if row.deadline or row.supplier]


def coming(user: User, *, now: dt.datetime) -> list[Coming]:
    """What will leave within 30 days as things stand: filing, or a preference, changes it.

    Of two steps that leave together the nearest is shown, since it alone will.
    """
    rows = Reminder.objects.visible_to(user).filter(
        state=ReminderState.SCHEDULED, due_at__lte=now + HORIZON
    )
    known = facts(list(rows.select_related(*SHOWN).order_by("due_at", "step", "pk")), now=now)
    shown: dict[tuple[Key, dt.datetime], Coming] = {}
    for due in known:
        if due.is_current and due.is_open and due.is_concerned and _is_wanted(due):
            key = (due.subject, due.key.due_at)
            shown.setdefault(key, Coming(due.key, step_label(due.step), _note(due, now)))
    return list(shown.values())


SHOWN = (
    "deadline__dispositif",
    "deadline__milestone",
    "deadline__organisation",
    "deadline__solution",
    "deadline__prestation__client",
    "deadline__prestation__supplier__solution",
    "supplier__organisation",
    "supplier__solution__organisation",
    "supplier__solution__dispositif",
)
"""What the lines of reminders show."""


def not_sent(user: User, *, now: dt.datetime) -> list[Reminder]:
    """The last reminders whose hour has come in 30 days and that were put aside, to say why."""
    rows = Reminder.objects.visible_to(user).filter(
        state__in=[ReminderState.SUPERSEDED, ReminderState.CANCELLED],
        due_at__lte=now,
        due_at__gt=now - LOOK_BACK,
    )
    return list(rows.select_related(*SHOWN).order_by("-due_at", "-pk")[:NOT_SENT_SHOWN])


def _is_wanted(due: DueReminder[Reminder]) -> bool:
    return due.answer is not Answer.NO_STEP


def _note(due: DueReminder[Reminder], now: dt.datetime) -> str:
    if due.answer is Answer.LATER:
        return "en pause : partira à la fin de votre pause"
    if due.answer is Answer.NO_KIND:
        return Answer.NO_KIND.value
    if due.key.due_at <= now:
        return "en attente d'envoi : jours ouvrés, de 9h à 19h"
    return ""
