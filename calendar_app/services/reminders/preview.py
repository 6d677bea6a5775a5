"""What would leave at an instant. The rows that are not planned yet are made, read and undone."""

import datetime as dt
from collections.abc import Iterator

from django.db import transaction

from calendar_app.models import Reminder
from calendar_app.rules.steps import CLOSED_FROM
from calendar_app.rules.triage import Triage, triage
from calendar_app.selectors.reminders import due_rows, facts
from calendar_app.services.reminders.planning import plan
from segur.lib import paris
from segur.lib.workdays import this_or_previous_working_day

ONE_RUN = dt.timedelta(minutes=1)
ONE_DAY = dt.timedelta(days=1)


def preview(*, at: dt.datetime, now: dt.datetime) -> list[Reminder]:
    """The reminders that a dispatch would send at `at`, by recipient, most urgent first.

    Between `now` and `at` the service is taken to run: what it would have sent before `at` is gone.
    So the preview of the afternoon does not repeat what left in the morning.
    """
    with transaction.atomic():
        plan(now=at)
        rows = list(due_rows(at).select_related("deadline__dispositif"))
        transaction.set_rollback(True)
    for moment in _runs_before(at):
        if moment > now:
            rows = _left_after(rows, moment)
    leaving = triage(facts(rows, now=at), at).go
    return sorted(leaving, key=lambda row: (row.recipient_id, row.last_at, row.key))


def _runs_before(at: dt.datetime) -> Iterator[dt.datetime]:
    """Two runs that leave behind what every run would have: the last of an earlier working day,
    and the one just before `at`."""
    evening = this_or_previous_working_day(paris.day(at) - ONE_DAY)
    yield paris.at(evening, CLOSED_FROM) - ONE_RUN
    yield at - ONE_RUN


def _left_after(rows: list[Reminder], moment: dt.datetime) -> list[Reminder]:
    due = [row for row in rows if row.due_at <= moment]
    outcome: Triage[Reminder] = triage(facts(due, now=moment), moment)
    waiting = [*outcome.paused, *outcome.closed_hours]
    return [row for row in rows if row.due_at > moment] + waiting
