"""Which reminders exist: a row per deadline, version of its date, person and step."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.db import transaction
from django.db.models import F, OuterRef, QuerySet, Subquery

from accounts.selectors.people import Member, members_of
from calendar_app.enums import OPEN_STATES, ReminderState
from calendar_app.models import Deadline, MilestoneVersion, Reminder
from calendar_app.rules.steps import DEFAULT_STEPS, send_instant
from calendar_app.rules.triage import CLOSED, MOVED
from calendar_app.rules.wishes import Preference, Wishes
from calendar_app.selectors.reminders import is_reminded, wishes_of

AHEAD = dt.timedelta(days=31)
LOOK_BACK = dt.timedelta(days=30)
SHIFT = dt.timedelta(days=10)
"""More than the longest move of a step to a working day."""


@transaction.atomic
def plan(*, now: dt.datetime, deadlines: QuerySet[Deadline] | None = None) -> int:
    """Make the rows that are missing for these deadlines (all, unless given). Idempotent.

    A row is made when its instant lies in (since, now + 31 days] and not more than 30 days back,
    where `since` is the latest of: the deadline appeared, its date was last amended, it was opened
    again, the person joined. So a newcomer is not flooded with old steps, and a step missed because
    everything was down is caught up. Rows of a former date are superseded, those of a closed
    deadline cancelled; rows cancelled while it was closed come back if their time has not passed.

    Returns how many rows were made. A fixed number of queries, whatever the number of deadlines.
    """
    scope = Deadline.objects.all() if deadlines is None else deadlines
    _retire(scope)
    _revive(scope, now)
    rows = missing_rows(scope, now=now)
    Reminder.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)


@transaction.atomic
def cancel_for(deadline: Deadline, *, reason: str) -> int:
    """Nobody is reminded any more. What is being sent is checked again at sending."""
    rows = Reminder.objects.filter(deadline=deadline, state=ReminderState.SCHEDULED)
    return rows.update(state=ReminderState.CANCELLED, state_reason=reason[:200])


def _retire(scope: QuerySet[Deadline]) -> None:
    scheduled = Reminder.objects.filter(
        state=ReminderState.SCHEDULED, deadline__in=scope.values("pk")
    )
    scheduled.exclude(deadline_version=F("deadline__version")).update(
        state=ReminderState.SUPERSEDED, state_reason=MOVED
    )
    scheduled.exclude(deadline__state__in=OPEN_STATES).update(
        state=ReminderState.CANCELLED, state_reason=CLOSED
    )


def _revive(scope: QuerySet[Deadline], now: dt.datetime) -> None:
    Reminder.objects.filter(
        state=ReminderState.CANCELLED,
        due_at__gt=now,
        deadline__in=scope.filter(state__in=OPEN_STATES).values("pk"),
        deadline_version=F("deadline__version"),
    ).update(state=ReminderState.SCHEDULED, state_reason="")


def missing_rows(scope: QuerySet[Deadline], *, now: dt.datetime) -> list[Reminder]:
    """The rows that `plan` would make, not saved."""
    found = _in_reach(scope, now)
    members = members_of(found.values("organisation"))
    wishes = wishes_of({m.user_id for group in members.values() for m in group})
    existing = set(
        Reminder.objects.filter(deadline__in=found.values("pk")).values_list(
            "deadline_id", "deadline_version", "recipient_id", "step"
        )
    )
    rows = (
        row
        for deadline in found.annotate(**_since())
        for row in _rows_of(deadline, members[deadline.organisation_id], wishes, now)
    )
    return [
        row
        for row in rows
        if (row.deadline_id, row.deadline_version, row.recipient_id, row.step) not in existing
    ]


def _in_reach(scope: QuerySet[Deadline], now: dt.datetime) -> QuerySet[Deadline]:
    """Open deadlines of which some step may fall between 30 days back and 31 days ahead.

    The steps of a computed delay lie within those by default."""
    first, last = min(DEFAULT_STEPS), max(DEFAULT_STEPS)
    return scope.filter(
        state__in=OPEN_STATES,
        organisation__is_active=True,
        due_at__gt=now - LOOK_BACK + dt.timedelta(days=first) - SHIFT,
        due_at__lte=now + AHEAD + dt.timedelta(days=last) + SHIFT,
    )


def _since() -> dict[str, Any]:
    """What bounds the past of a deadline. Version 1 of a date does not: it is but its loading."""
    amended = MilestoneVersion.objects.filter(
        milestone=OuterRef("milestone"), number=OuterRef("version"), number__gt=1
    )
    return {"amended_at": Subquery(amended.values("created_at")[:1])}


def _rows_of(
    deadline: Any, members: list[Member], wishes: dict[int, Wishes], now: dt.datetime
) -> Iterator[Reminder]:
    bounds = [
        deadline.created_at,
        deadline.moved_at,
        deadline.amended_at,
        deadline.reopened_at,
        now - LOOK_BACK,
    ]
    since = max(bound for bound in bounds if bound)
    for step in deadline.steps or DEFAULT_STEPS:
        due_at = send_instant(deadline.due_at, step)
        if not since < due_at <= now + AHEAD:
            continue
        for member in members:
            early = _asked_early(wishes[member.user_id].about(deadline.dispositif_id), due_at)
            if member.since < due_at and is_reminded(member, members, step, early=early):
                yield Reminder(
                    deadline=deadline,
                    deadline_version=deadline.version,
                    recipient_id=member.user_id,
                    step=step,
                    due_at=due_at,
                    created_at=now,
                )


def _asked_early(preference: Preference, due_at: dt.datetime) -> bool:
    """Asking for the early steps does not bring back those that are past."""
    return preference.early and (preference.since is None or preference.since < due_at)
