"""Send the reminders that are due.

1. Read which persons have a scheduled row with `due_at <= now`. The table is the truth: nothing
   asks whether today is seven days before.
2. For each person, in one transaction: lock the person (`SKIP LOCKED` on PostgreSQL, where another
   dispatcher has it; SQLite has one writer at a time), then read the due rows again.
3. Sort them (`rules.triage`): superseded by a nearer step or a new date, cancelled (filed, refused,
   not for this person any more), waiting (pause, hours), or leaving. Of the steps that a pause or
   an outage held back, one only leaves for each deadline.
4. Claim the leaving rows by conditional update `scheduled → claimed`, and reserve one mail for all
   in the ledger: its Message-ID is fixed, nothing is composed. Those that the person wants on the
   site only have a row of their own. Commit.
5. `services.delivery` sends it, after `sending.freshen` has asked whether all this still holds and
   has composed it, once, with its calendar attached; `sending.settle` gives the rows the fate of
   their mail: `claimed → sent | failed`.

Hours: working days from 9:00 to 19:00, Paris, catching up included; on the last day of a deadline,
if it is a working day, from 7:00 and up to the deadline.

Promised: nothing is lost (a row stays scheduled or has its mail in the ledger); never two runs on
one row (4); at most one duplicate of a mail, under the same Message-ID, in the two windows that
`mailing.services.delivery` names.
"""

import datetime as dt
import logging
from collections.abc import Iterable

from django.db import transaction

from accounts.models import User
from calendar_app.enums import REMINDER_MAIL, ReminderState
from calendar_app.models import Reminder
from calendar_app.rules.triage import Triage, triage
from calendar_app.selectors.reminders import due_rows, facts
from mailing.services.mail import reserve

log = logging.getLogger(__name__)


def dispatch(*, now: dt.datetime) -> int:
    """How many mails were written. What fails for one person is logged, and tried again at the next
    run; it does not keep the others waiting."""
    people = due_rows(now).order_by("recipient").values_list("recipient", flat=True).distinct()
    written = 0
    for user_id in list(people):
        try:
            written += _dispatch_to(user_id, now)
        except Exception:
            log.exception("the reminders of user %s could not be written", user_id)
    return written


@transaction.atomic
def _dispatch_to(user_id: int, now: dt.datetime) -> int:
    people = User.objects.select_for_update(skip_locked=True, no_key=True)
    user = people.filter(pk=user_id).first()
    if user is None:
        return 0
    rows = due_rows(now).filter(recipient=user).select_related("deadline")
    rows = rows.select_for_update(skip_locked=True, of=("self",))
    sorted_rows = triage(facts(list(rows), now=now), now)
    settle_dropped(sorted_rows, expected=ReminderState.SCHEDULED)
    together = [rows for rows in (sorted_rows.go, sorted_rows.shown) if rows]
    if not all(_claim(rows, user, now) for rows in together):
        transaction.set_rollback(True)
        return 0
    return len(together)


def _claim(rows: list[Reminder], user: User, now: dt.datetime) -> bool:
    """Put them in one row of the ledger; False when another run has one of them."""
    ids = [row.pk for row in rows]
    mine = Reminder.objects.filter(pk__in=ids, state=ReminderState.SCHEDULED)
    if mine.update(state=ReminderState.CLAIMED) != len(ids):
        return False
    mail = reserve(kind=REMINDER_MAIL, user=user, now=now)
    Reminder.objects.filter(pk__in=ids).update(mail=mail)
    return True


def settle_dropped(sorted_rows: Triage[Reminder], *, expected: ReminderState) -> None:
    """Close the rows that will not leave, with the reason that the person can read."""
    for reason, rows in sorted_rows.superseded.items():
        _close(rows, ReminderState.SUPERSEDED, reason, expected)
    for reason, rows in sorted_rows.cancelled.items():
        _close(rows, ReminderState.CANCELLED, reason, expected)


def _close(
    rows: Iterable[Reminder], state: ReminderState, reason: str, expected: ReminderState
) -> None:
    Reminder.objects.filter(pk__in=[row.pk for row in rows], state=expected).update(
        state=state, state_reason=reason
    )
