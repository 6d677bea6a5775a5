"""Deadlines: how they appear, and the one way their state changes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet

from calendar_app.enums import DELAY_TRANSITIONS, OPEN_STATES, TRANSITIONS, Scope, State
from calendar_app.models import Deadline, DeadlineEvent, Milestone, Prestation, Solution
from calendar_app.querysets import DeadlineQuerySet
from calendar_app.services import reminders
from journal.rules.by import By


@transaction.atomic
def open_deadlines(
    *, now: dt.datetime, solution: Solution | None = None, prestation: Prestation | None = None
) -> list[Deadline]:
    """Make the missing deadlines of one subject and plan their reminders. Idempotent."""
    subject = solution or prestation
    if subject is None:
        raise TypeError("a solution or a prestation")
    scope = Scope.SOLUTION if solution else Scope.PRESTATION
    milestones = _milestones(dispositif=subject.dispositif_id, scope=scope)
    own = Deadline.objects.filter(solution=solution, prestation=prestation)
    return _open(own, [_deadline(milestone, subject, now) for milestone in milestones], now)


@transaction.atomic
def open_for_prestations(prestations: Sequence[Prestation], *, now: dt.datetime) -> list[Deadline]:
    """`open_deadlines` of many prestations of one dispositif, in a fixed number of queries."""
    milestones = _milestones(dispositif=prestations[0].dispositif_id, scope=Scope.PRESTATION)
    scope = Deadline.objects.filter(prestation__in=prestations)
    rows = [_deadline(milestone, p, now) for p in prestations for milestone in milestones]
    return _open(scope, rows, now)


@transaction.atomic
def open_for_milestone(milestone: Milestone, *, now: dt.datetime) -> list[Deadline]:
    """A calendar gains a milestone: each subject of its dispositif gains the deadline."""
    model = Solution if milestone.scope == Scope.SOLUTION else Prestation
    subjects = model.objects.filter(dispositif=milestone.dispositif)
    scope = Deadline.objects.filter(milestone=milestone)
    return _open(scope, [_deadline(milestone, subject, now) for subject in subjects], now)


def _milestones(*, dispositif: int, scope: Scope) -> QuerySet[Milestone]:
    """Locked against an amendment until the new deadlines are in: one that comes later moves them,
    one that came first is what they are made from."""
    milestones = Milestone.objects.select_for_update(no_key=True)
    return milestones.filter(dispositif=dispositif, scope=scope)


def _deadline(
    milestone: Milestone,
    subject: Solution | Prestation,
    now: dt.datetime,
) -> Deadline:
    return Deadline(
        organisation_id=subject.organisation_id,
        dispositif_id=milestone.dispositif_id,
        milestone=milestone,
        solution=subject if isinstance(subject, Solution) else None,
        prestation=subject if isinstance(subject, Prestation) else None,
        title=milestone.title,
        due_at=milestone.due_at,
        version=milestone.version,
        created_at=now,
    )


def _open(scope: DeadlineQuerySet, rows: list[Deadline], now: dt.datetime) -> list[Deadline]:
    """Make the rows that `scope` lacks; what somebody else makes at this second stays theirs."""
    existing = {_key(row) for row in scope}
    missing = [row for row in rows if _key(row) not in existing]
    Deadline.objects.bulk_create(missing, ignore_conflicts=True)
    wanted = {_key(row) for row in missing}
    created = [row for row in scope.all() if _key(row) in wanted] if wanted else []
    if created:
        ids = [row.pk for row in created]
        reminders.plan(now=now, deadlines=Deadline.objects.filter(pk__in=ids))
    return created


def _key(row: Deadline) -> tuple[int | None, int | None, int | None]:
    return row.milestone_id, row.solution_id, row.prestation_id


def lock(deadline: Deadline) -> Deadline:
    """The row as it is now, kept from other writers until the transaction ends.

    `no_key`: reminders that are planned for it meanwhile neither wait nor cross this lock.
    """
    return (
        Deadline.objects.select_for_update(of=("self",), no_key=True)
        .select_related("milestone", "dispositif", "organisation", "solution", "prestation")
        .get(pk=deadline.pk)
    )


@transaction.atomic
def transition(deadline: Deadline, *, to: State, by: By, what: str, note: str = "") -> Deadline:
    """Move a deadline along its transitions, journal it, and make its reminders follow.

    The row is locked first, so that of two people deciding at the same second one wins and the
    other is told. Raises ValidationError, with the states allowed, for any other move.
    """
    row = lock(deadline)
    before = State(row.state)
    possible = DELAY_TRANSITIONS if row.is_delay else TRANSITIONS
    if to not in possible[before]:
        allowed = ", ".join(f"« {state.label} »" for state in possible[before])
        raise ValidationError(
            f"Cette échéance est maintenant à l'état « {before.label} » : elle ne peut pas passer "
            f"à « {to.label} ». "
            + (f"États possibles : {allowed}." if allowed else "Elle est close."),
            code="transition",
        )
    row.state, row.state_reason = to, note
    row.save(update_fields=["state", "state_reason"])
    journal(row, by=by, what=what, note=note, from_state=before)
    if to not in OPEN_STATES:
        reminders.cancel_for(row, reason=f"échéance à l'état « {to.label} »")
    elif before not in OPEN_STATES:
        reminders.plan(now=by.at, deadlines=Deadline.objects.filter(pk=row.pk))
    return row


def journal(
    deadline: Deadline,
    *,
    by: By,
    what: str,
    note: str = "",
    from_state: str = "",
) -> None:
    """Write a line of the deadline's journal, the actor kept by name too."""
    DeadlineEvent.objects.create(
        deadline=deadline,
        at=by.at,
        actor=by.actor,
        actor_name=by.name,
        from_state=from_state,
        to_state=deadline.state,
        what=what,
        note=note,
    )
