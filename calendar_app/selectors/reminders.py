"""Who is reminded of what: members, their wishes, and the facts that decide on due reminders."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable

from django.db.models import QuerySet

from accounts.selectors.people import Ids, Member, members_of
from calendar_app.enums import REMINDER_MAIL, ReminderState
from calendar_app.models import Reminder, ReminderPreference
from calendar_app.rules.steps import reminded_roles
from calendar_app.rules.triage import DueReminder
from calendar_app.rules.wishes import Preference, Wishes
from segur.lib import paris


def wishes_of(users: Ids) -> dict[int, Wishes]:
    """User id → what this person wants; somebody who said nothing wants the defaults. One query."""
    general: dict[int, Preference] = {}
    overrides: dict[int, dict[int, Preference]] = defaultdict(dict)
    for row in ReminderPreference.objects.filter(user__in=users):
        if row.dispositif_id is None:
            general[row.user_id] = as_preference(row)
        else:
            overrides[row.user_id][row.dispositif_id] = as_preference(row)
    found: dict[int, Wishes] = defaultdict(Wishes)
    for user_id in general.keys() | overrides.keys():
        found[user_id] = Wishes(general.get(user_id, Preference()), overrides[user_id])
    return found


def as_preference(row: ReminderPreference) -> Preference:
    return Preference(
        steps=frozenset(row.steps),
        early=row.early,
        muted_kinds=frozenset(row.muted_kinds),
        paused_until=row.paused_until,
        since=row.updated_at,
        quiet=row.quiet,
    )


def is_reminded(member: Member, members: Iterable[Member], step: int, *, early: bool) -> bool:
    """By role, or at every step for somebody who asked for the early ones."""
    return early or member.role in reminded_roles(step, {other.role for other in members})


def due_rows(now: dt.datetime) -> QuerySet[Reminder]:
    """What is due and not yet settled, whoever receives it."""
    return Reminder.objects.filter(state=ReminderState.SCHEDULED, due_at__lte=now)


def facts(rows: list[Reminder], *, now: dt.datetime) -> list[DueReminder[Reminder]]:
    """What decides on these reminders, whose `deadline` is loaded. Three queries.

    For a row that is not due yet, what is wanted is asked of its own day.
    """
    members = members_of({row.deadline.organisation_id for row in rows})
    wishes = wishes_of({row.recipient_id for row in rows})
    nearest = _nearest_gone(rows)
    return [
        DueReminder(
            key=row,
            recipient_id=row.recipient_id,
            deadline_id=row.deadline_id,
            step=row.step,
            deadline_due_at=row.deadline.fixed_at,
            is_current=row.deadline_version == row.deadline.version,
            is_open=row.deadline.is_open,
            is_concerned=_is_concerned(
                row, members[row.deadline.organisation_id], wishes[row.recipient_id]
            ),
            is_outrun=nearest.get(_subject(row), row.step) < row.step,
            answer=wishes[row.recipient_id].answer(
                REMINDER_MAIL,
                dispositif_id=row.deadline.dispositif_id,
                step=row.step,
                day=paris.day(max(now, row.due_at)),
            ),
        )
        for row in rows
    ]


def _is_concerned(row: Reminder, members: list[Member], wishes: Wishes) -> bool:
    early = wishes.about(row.deadline.dispositif_id).early
    mine = next((member for member in members if member.user_id == row.recipient_id), None)
    return mine is not None and is_reminded(mine, members, row.step, early=early)


def _subject(row: Reminder) -> tuple[int, int, int]:
    return row.deadline_id, row.deadline_version, row.recipient_id


def _nearest_gone(rows: list[Reminder]) -> dict[tuple[int, int, int], int]:
    """The step nearest to the deadline that each person was already sent, or is being sent."""
    gone = Reminder.objects.filter(
        deadline__in={row.deadline_id for row in rows},
        recipient__in={row.recipient_id for row in rows},
        state__in=[ReminderState.CLAIMED, ReminderState.SENT],
    )
    nearest: dict[tuple[int, int, int], int] = {}
    for row in gone.only("deadline_id", "deadline_version", "recipient_id", "step"):
        nearest[_subject(row)] = min(row.step, nearest.get(_subject(row), row.step))
    return nearest
