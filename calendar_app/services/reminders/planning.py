"""Which reminders exist: a row per deadline, version of its date, person and step."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from calendar_app.enums import OPEN_STATES, ReminderState
from calendar_app.models import Deadline, MilestoneVersion, Reminder, Supplier
from calendar_app.rules.reminded import Key, Reminded
from calendar_app.rules.steps import DEFAULT_STEPS
from calendar_app.rules.triage import CLOSED, MOVED
from calendar_app.selectors.reminders import (
    charged_people,
    ending_rights,
    readers_of,
    wishes_of,
)
from calendar_app.services.reminders.rows import AHEAD, PlanLine, ReminderAudience, insert, instants

LOOK_BACK = dt.timedelta(days=30)
SHIFT = dt.timedelta(days=10)
"""More than the longest move of a step to a working day."""


@transaction.atomic
def plan(
    *,
    now: dt.datetime,
    deadlines: QuerySet[Deadline] | None = None,
    suppliers: QuerySet[Supplier] | None = None,
) -> int:
    """Make the rows that are missing for these deadlines and the rights of these Fournisseurs that
    end; for all of both, unless some are given. Idempotent.

    A row is made when its instant lies in (since, now + 31 days] and not more than 30 days back,
    where `since` is the latest of: the deadline appeared, its date was last amended, it was opened
    again, the person joined. So a newcomer is not flooded with old steps, and a step missed because
    everything was down is caught up. Rows of a former date are superseded, those of a closed
    deadline cancelled; rows cancelled while it was closed come back if their time has not passed. A
    right is renewed as a date is moved.

    Returns how many rows were made. The number of statements grows with the milestones and the
    people, not with the deadlines.
    """
    if deadlines is None and suppliers is None:
        deadlines, suppliers = Deadline.objects.all(), Supplier.objects.all()
    made = 0
    if deadlines is not None:
        _retire(deadlines)
        _revive(deadlines, now)
        made += _plan_deadlines(_in_reach(deadlines, now), now)
    if suppliers is not None:
        made += _plan_rights(suppliers, now)
    return made


@transaction.atomic
def cancel_for(*deadlines: Deadline, reason: str) -> int:
    """Nobody is reminded any more. What is being sent is checked again at sending."""
    rows = Reminder.objects.filter(deadline__in=deadlines, state=ReminderState.SCHEDULED)
    return rows.update(state=ReminderState.CANCELLED, state_reason=reason[:200])


def _retire(scope: QuerySet[Deadline]) -> None:
    """Without a join: the database then updates the rows as it reads them."""
    scheduled = Reminder.objects.filter(
        state=ReminderState.SCHEDULED, deadline__in=scope.order_by().values("pk")
    )
    scheduled.exclude(_is_current()).update(state=ReminderState.SUPERSEDED, state_reason=MOVED)
    still = Deadline.objects.filter(pk=OuterRef("deadline_id"), state__in=OPEN_STATES)
    scheduled.exclude(Exists(still)).update(state=ReminderState.CANCELLED, state_reason=CLOSED)


def _revive(scope: QuerySet[Deadline], now: dt.datetime) -> None:
    Reminder.objects.filter(
        _is_current(),
        state=ReminderState.CANCELLED,
        due_at__gt=now,
        deadline__in=scope.order_by().filter(state__in=OPEN_STATES).values("pk"),
    ).update(state=ReminderState.SCHEDULED, state_reason="")


def _is_current() -> Exists:
    same = Deadline.objects.filter(pk=OuterRef("deadline_id"), version=OuterRef("subject_version"))
    return Exists(same)


def _in_reach(scope: QuerySet[Deadline], now: dt.datetime) -> QuerySet[Deadline]:
    """Open deadlines of which some step may fall between 30 days back and 31 days ahead.

    The steps of a computed delay lie within those by default."""
    first, last = min(DEFAULT_STEPS), max(DEFAULT_STEPS)
    return scope.order_by().filter(
        state__in=OPEN_STATES,
        organisation__is_active=True,
        due_at__gt=now - LOOK_BACK + dt.timedelta(days=first) - SHIFT,
        due_at__lte=now + AHEAD + dt.timedelta(days=last) + SHIFT,
    )


def _plan_deadlines(scope: QuerySet[Deadline], now: dt.datetime) -> int:
    groups = _by_milestone(scope)
    delays = list(scope.filter(milestone=None).values_list("pk", *DELAY))
    if not groups and not delays:
        return 0
    readers = readers_of(scope.values("organisation"), now)
    wishes = wishes_of({one.user_id for group in readers.values() for one in group})
    audience = ReminderAudience(readers, wishes, charged_people(scope))
    made = insert(scope.filter(milestone=None), "id", _of_delays(delays, audience, now), now)
    amended = _amended_at(groups)
    for key, organisations in groups.items():
        milestone_id, version, due_at, dispositif_id = key
        since = max(now - LOOK_BACK, amended.get((milestone_id, version), LONG_AGO))
        steps = instants(due_at, DEFAULT_STEPS, since, now)
        lines = (
            line for pk in organisations for line in audience.lines(pk, [pk], dispositif_id, steps)
        )
        alike = scope.filter(milestone=milestone_id, version=version, due_at=due_at)
        made += insert(alike, "organisation_id", lines, now)
    return made


DELAY = ("organisation_id", "dispositif_id", "due_at", "steps")
MILESTONE = ("milestone_id", "version", "due_at", "dispositif_id")
LONG_AGO = dt.datetime.min.replace(tzinfo=dt.UTC)


def _by_milestone(scope: QuerySet[Deadline]) -> dict[tuple[Any, ...], list[int]]:
    """Milestone, version, date and dispositif → the organisations that have deadlines of it."""
    groups: dict[tuple[Any, ...], list[int]] = {}
    rows = scope.exclude(milestone=None).values_list("organisation_id", *MILESTONE).distinct()
    for organisation_id, *key in rows:
        groups.setdefault(tuple(key), []).append(organisation_id)
    return groups


def _of_delays(
    delays: Iterable[tuple[Any, ...]], audience: ReminderAudience, now: dt.datetime
) -> Iterator[PlanLine]:
    for pk, organisation_id, dispositif_id, due_at, steps in delays:
        leaving = instants(due_at, steps or DEFAULT_STEPS, now - LOOK_BACK, now)
        yield from audience.lines(pk, [organisation_id], dispositif_id, leaving)


def _amended_at(groups: Iterable[tuple[Any, ...]]) -> dict[tuple[int, int], dt.datetime]:
    """What bounds the past of a date. Its first version does not: it only records its loading."""
    rows = MilestoneVersion.objects.filter(milestone__in={key[0] for key in groups}, number__gt=1)
    return {
        (milestone_id, number): created_at
        for milestone_id, number, created_at in rows.values_list(
            "milestone_id", "number", "created_at"
        )
    }


def _plan_rights(suppliers: QuerySet[Supplier], now: dt.datetime) -> int:
    rights = ending_rights(suppliers)
    rows = Reminder.objects.filter(supplier__in=suppliers.order_by().values("pk"))
    _follow_rights(rights, rows, now)
    readers = readers_of({pk for one in rights.values() for pk in one.organisations}, now)
    wishes = wishes_of({one.user_id for group in readers.values() for one in group})
    audience = ReminderAudience(readers, wishes, ())
    names = ("supplier_id", "right", "subject_version", "recipient_id", "step")
    existing = set(rows.values_list(*names))
    missing = {
        key: row
        for row in _rows_of_rights(rights.values(), audience, now)
        if (key := tuple(getattr(row, name) for name in names)) not in existing
    }
    Reminder.objects.bulk_create(missing.values(), ignore_conflicts=True)
    return len(missing)


def _rows_of_rights(
    rights: Iterable[Reminded], audience: ReminderAudience, now: dt.datetime
) -> Iterator[Reminder]:
    for about in rights:
        right, pk = about.key
        steps = instants(about.due_at, about.steps, max(about.since, now - LOOK_BACK), now)
        for line in audience.lines(pk, about.organisations, about.dispositif_id, steps):
            yield Reminder(
                supplier_id=pk,
                right=right,
                subject_version=about.version,
                recipient_id=line.user_id,
                step=line.step,
                due_at=line.send_at,
                created_at=now,
            )


def _follow_rights(
    rights: Mapping[Key, Reminded], rows: QuerySet[Reminder], now: dt.datetime
) -> None:
    """What `_retire` and `_revive` do, for the few rows about rights."""
    alive = Q(state=ReminderState.SCHEDULED) | Q(state=ReminderState.CANCELLED, due_at__gt=now)
    moved, closed, back = [], [], []
    for row in rows.filter(alive):
        known = rights.get(row.key)
        is_current = known is not None and known.version == row.subject_version
        if row.state == ReminderState.CANCELLED:
            back += [row.pk] * is_current
        elif known is None:
            closed.append(row.pk)
        elif not is_current:
            moved.append(row.pk)
    for pks, state, reason in (
        (moved, ReminderState.SUPERSEDED, MOVED),
        (closed, ReminderState.CANCELLED, CLOSED),
        (back, ReminderState.SCHEDULED, ""),
    ):
        Reminder.objects.filter(pk__in=pks).update(state=state, state_reason=reason)
