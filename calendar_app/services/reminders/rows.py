"""The rows of a plan, made by the database: one INSERT … SELECT for each milestone.

Python says who is reminded at which instant, once for each organisation (`PlanLine`); the database
joins that to the deadlines, so that no deadline is loaded.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import QuerySet

from calendar_app.enums import ReminderState
from calendar_app.models import Deadline
from calendar_app.rules.steps import send_instant
from calendar_app.rules.wishes import Preference, Wishes
from calendar_app.selectors.reminders import Reader, is_reminded
from journal.querysets import type_of
from segur.lib import paris

AHEAD = dt.timedelta(days=31)
LINES_OF_ONE_STATEMENT = 5_000
"""SQLite takes 32,766 parameters."""


class PlanLine(NamedTuple):
    """One person to remind at one instant, of every deadline of an organisation, or of one delay
    (`subject`). `member_id`, unless it is 0: only of what this member is in charge of.
    """

    subject: int
    user_id: int
    step: int
    send_at: dt.datetime
    member_id: int


@dataclass(frozen=True)
class ReminderAudience:
    """Who can be reminded: the readers of each organisation, what they want, and the people who are
    in charge of some deadline."""

    readers: Mapping[int, list[Reader]]
    wishes: Mapping[int, Wishes]
    in_charge: Collection[int]

    def lines(
        self,
        subject: int,
        organisations: Iterable[int],
        dispositif_id: int,
        steps: Iterable[tuple[int, dt.datetime]],
    ) -> Iterator[PlanLine]:
        group = [one for pk in organisations for one in self.readers.get(pk, ())]
        for step, at in steps:
            for one in group:
                if one.since >= at or (one.until and paris.day(at) > one.until):
                    continue
                early = _asked_early(self.wishes[one.user_id].about(dispositif_id), at)
                if is_reminded(one, group, step, early=early):
                    yield PlanLine(subject, one.user_id, step, at, 0)
                elif one.member_id in self.in_charge:
                    yield PlanLine(subject, one.user_id, step, at, one.member_id)


def instants(
    due_at: dt.datetime, steps: Iterable[int], since: dt.datetime, now: dt.datetime
) -> list[tuple[int, dt.datetime]]:
    """The steps that a plan makes, each with the instant at which it leaves."""
    found = [(step, send_instant(due_at, step)) for step in steps]
    return [(step, at) for step, at in found if since < at <= now + AHEAD]


def insert(
    deadlines: QuerySet[Deadline], column: str, lines: Iterable[PlanLine], now: dt.datetime
) -> int:
    """Make the rows that are missing. `column` of the deadlines is the `subject` of the lines.
    Returns how many were made."""
    made, left = 0, iter(lines)
    while batch := list(islice(left, LINES_OF_ONE_STATEMENT)):
        for some, is_charge in (
            ([line for line in batch if not line.member_id], False),
            ([line for line in batch if line.member_id], True),
        ):
            if some:
                made += _insert(deadlines, column, some, now, is_charge=is_charge)
    return made


def _insert(
    deadlines: QuerySet[Deadline],
    column: str,
    lines: list[PlanLine],
    now: dt.datetime,
    *,
    is_charge: bool,
) -> int:
    fields = ("id", "organisation_id", "version", "created_at", "moved_at", "reopened_at")
    inner, inner_values = deadlines.order_by().values(*fields).query.sql_with_params()
    charge, charge_values = _CHARGE if is_charge else ("", ())
    instant = connection.ops.adapt_datetimefield_value
    values = [cell for line in lines for cell in (*line[:3], instant(line.send_at), line.member_id)]
    sql = f"""
        INSERT INTO calendar_app_reminder (deadline_id, "right", subject_version, recipient_id,
            step, due_at, state, state_reason, created_at)
        WITH line (subject, user_id, step, send_at, member_id)
            AS (VALUES {", ".join(["(%s, %s, %s, %s, %s)"] * len(lines))})
        SELECT d.id, '', d.version, line.user_id, line.step, line.send_at, %s, '', %s
        FROM line JOIN ({inner}) d ON d.{column} = line.subject {charge}
        WHERE d.created_at < line.send_at
            AND (d.moved_at IS NULL OR d.moved_at < line.send_at)
            AND (d.reopened_at IS NULL OR d.reopened_at < line.send_at)
        ON CONFLICT DO NOTHING
    """  # noqa: S608  (every value is a parameter)
    scheduled = (ReminderState.SCHEDULED.value, instant(now))
    with connection.cursor() as cursor:
        cursor.execute(sql, [*values, *scheduled, *inner_values, *charge_values])
        return int(cursor.rowcount)


_CHARGE: tuple[str, tuple[Any, ...]] = (
    """JOIN teamwork_charge charge ON charge.subject_type = %s
        AND charge.subject_id = d.id AND charge.person_id = line.member_id
        AND charge.since < line.send_at""",
    (type_of(Deadline),),
)


def _asked_early(preference: Preference, due_at: dt.datetime) -> bool:
    """Asking for the early steps does not bring back those that are past."""
    return preference.early and (preference.since is None or preference.since < due_at)
