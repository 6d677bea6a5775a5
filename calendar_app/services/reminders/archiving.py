"""Reminders that are over leave the table that is planned and scanned: no page changes.

Pages show what will leave, what was put aside in the last 30 days, and what a mail carried, which
is read from the archive too (`selectors.reminder_pages.items_of`). The planning makes no row more
than 30 days back, so that a row that has gone is not made again.
"""

import datetime as dt

from django.db import connection, transaction

from calendar_app.enums import ReminderState
from calendar_app.models import ArchivedReminder, Reminder

KEPT = dt.timedelta(days=90)
OVER = (ReminderState.SENT, ReminderState.SUPERSEDED, ReminderState.CANCELLED)
"""A failed one may be sent again."""
COLUMNS = (
    "id",
    "deadline_id",
    "supplier_id",
    "right",
    "subject_version",
    "recipient_id",
    "step",
    "due_at",
    "state",
    "state_reason",
    "mail_id",
    "created_at",
    "sent_at",
)


@transaction.atomic
def archive(*, now: dt.datetime) -> int:
    """Move those whose instant is `KEPT` behind. Returns how many."""
    over = Reminder.objects.filter(state__in=OVER, due_at__lte=now - KEPT)
    rows, values = over.order_by().values(*COLUMNS).query.sql_with_params()
    columns = ", ".join(f'"{name}"' for name in COLUMNS)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO calendar_app_archivedreminder ({columns}, archived_at) "  # noqa: S608
            f"SELECT {columns}, %s FROM ({rows}) moved",
            [connection.ops.adapt_datetimefield_value(now), *values],
        )
    moved = ArchivedReminder.objects.filter(archived_at=now)
    return Reminder.objects.filter(pk__in=moved.values("pk")).delete()[0]
