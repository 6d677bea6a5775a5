"""Reminders that are over leave the table that is planned and scanned: no page changes.

Pages show what will leave, what was put aside in the last 30 days, and what a mail carried, which
is read from the archive too (`selectors.reminder_pages.items_of`). The planning makes no row more
than 30 days back, so that a row that has gone is not made again.
"""

import datetime as dt

from calendar_app.enums import ReminderState
from calendar_app.models import ArchivedReminder, Reminder
from segur.archiving import move

KEPT = dt.timedelta(days=90)
OVER = (ReminderState.SENT, ReminderState.SUPERSEDED, ReminderState.CANCELLED)
"""A failed one may be sent again."""


def archive(*, now: dt.datetime) -> int:
    """Move those whose instant is `KEPT` behind. Returns how many."""
    over = Reminder.objects.filter(state__in=OVER, due_at__lte=now - KEPT)
    return move(over, ArchivedReminder, now=now)
