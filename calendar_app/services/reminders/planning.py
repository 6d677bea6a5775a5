"""Which reminders exist: a row per deadline, version of its date, person and step."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.db import transaction
from django.db.models import F, OuterRef, Q, QuerySet, Subquery

from calendar_app.enums import OPEN_STATES, ReminderState
from calendar_app.models import Deadline, MilestoneVersion, Reminder, Supplier
from calendar_app.rules.reminded import Key, Reminded
from calendar_app.rules.steps import DEFAULT_STEPS, send_instant
from calendar_app.rules.triage import CLOSED, MOVED
from calendar_app.rules.wishes import Preference, Wishes
from calendar_app.selectors.reminded import ending_rights, of_deadline
from calendar_app.selectors.reminders import (
    Reader,
    charges_among,
    is_reminded,
    readers_of,
    wishes_of,
)
from segur.lib import paris
from teamwork.models import Charge

AHEAD = dt.timedelta(days=31)
LOOK_BACK = dt.timedelta(days=30)
SHIFT = dt.timedelta(days=10)
"""More than the longest move of a step to a working day."""


@transaction.atomic
def plan(*, now: dt.datetime, deadlines: QuerySet[Deadline] | None = None) -> int:
    """Make the rows that are missing for these deadlines; for all and for every right that ends,
    unless given. Idempotent.

    A row is made when its instant lies in (since, now + 31 days] and not more than 30 days back,
    where `since` is the latest of: the deadline appeared, its date was last amended, it was opened
    again, the person joined. So a newcomer is not flooded with old steps, and a step missed because
    everything was down is caught up. Rows of a former date are superseded, those of a closed
    deadline cancelled; rows cancelled while it was closed come back if their time has not passed. A
    right is renewed as a date is moved.

    Returns how many rows were made. A fixed number of queries, whatever the number of deadlines.
    """
    scope = Deadline.objects.all() if deadlines is None else deadlines
    rights = ending_rights(Supplier.objects.all()) if deadlines is None else {}
    _retire(scope)
    _revive(scope, now)
    if deadlines is None:
        _follow_rights(rights, now)
    rows = missing_rows(scope, rights.values(), now=now)
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
    scheduled.exclude(subject_version=F("deadline__version")).update(
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
        subject_version=F("deadline__version"),
    ).update(state=ReminderState.SCHEDULED, state_reason="")


def _follow_rights(rights: Mapping[Key, Reminded], now: dt.datetime) -> None:
    """What `_retire` and `_revive` do, for the few rows about rights."""
    alive = Q(state=ReminderState.SCHEDULED) | Q(state=ReminderState.CANCELLED, due_at__gt=now)
    moved, closed, back = [], [], []
    for row in Reminder.objects.filter(alive, deadline=None):
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


def missing_rows(
    scope: QuerySet[Deadline], rights: Iterable[Reminded] = (), *, now: dt.datetime
) -> list[Reminder]:
    """The rows that `plan` would make, not saved."""
    found = _in_reach(scope, now)
    rights = list(rights)
    readers = readers_of(found.values("organisation"), now)
    if sides := {pk for one in rights for pk in one.organisations}:
        readers = {**readers_of(sides, now), **readers}
    wishes = wishes_of({one.user_id for group in readers.values() for one in group})
    existing = {
        (row.key, row.subject_version, row.recipient_id, row.step)
        for row in Reminder.objects.filter(
            Q(deadline__in=found.values("pk")) | Q(supplier__in={one.key[1] for one in rights})
        ).only("right", "supplier", "deadline", "subject_version", "recipient", "step")
    }
    deadlines = {("", row.pk): row for row in found.annotate(**_since())}
    charges = charges_among(deadlines)
    rows: dict[tuple[Key, int, int, int], Reminder] = {}
    for about in (*map(of_deadline, deadlines.values()), *rights):
        group = [one for pk in about.organisations for one in readers.get(pk, ())]
        for row in _rows_of(about, group, wishes, charges.get(about.key), now):
            row.deadline = deadlines.get(about.key)
            rows.setdefault((row.key, row.subject_version, row.recipient_id, row.step), row)
    return [row for key, row in rows.items() if key not in existing]


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
    about: Reminded,
    readers: list[Reader],
    wishes: dict[int, Wishes],
    charge: Charge | None,
    now: dt.datetime,
) -> Iterator[Reminder]:
    since = max(about.since, now - LOOK_BACK)
    right, pk = about.key
    for step in about.steps:
        due_at = send_instant(about.due_at, step)
        if not since < due_at <= now + AHEAD:
            continue
        for one in readers:
            if one.since >= due_at or (one.until and paris.day(due_at) > one.until):
                continue
            early = _asked_early(wishes[one.user_id].about(about.dispositif_id), due_at)
            mine = charge if charge and charge.since < due_at else None
            if is_reminded(one, readers, step, early=early, charge=mine):
                yield Reminder(
                    supplier_id=pk if right else None,
                    right=right,
                    subject_version=about.version,
                    recipient_id=one.user_id,
                    step=step,
                    due_at=due_at,
                    created_at=now,
                )


def _asked_early(preference: Preference, due_at: dt.datetime) -> bool:
    """Asking for the early steps does not bring back those that are past."""
    return preference.early and (preference.since is None or preference.since < due_at)
