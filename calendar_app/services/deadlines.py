"""Deadlines: how they appear, and the one way their state changes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from accounts.permissions import can_file, can_prepare, is_agent
from accounts.selectors.parties import is_party
from calendar_app.enums import OPEN_STATES, MilestoneScope, State
from calendar_app.models import Deadline, Milestone, Prestation, Solution
from calendar_app.querysets import DeadlineQuerySet
from calendar_app.rules.workflow import DEADLINE, DELAY, DeadlineParty
from calendar_app.services import reminders
from journal.rules.by import By
from journal.rules.workflow import Act, Workflow
from journal.services.acts import Aggregate, lock_rows

BATCH = 1000


@transaction.atomic
def open_deadlines(
    *, now: dt.datetime, solution: Solution | None = None, prestation: Prestation | None = None
) -> list[Deadline]:
    """Make the missing deadlines of one subject and plan their reminders. Idempotent."""
    subject = solution or prestation
    if subject is None:
        raise TypeError("a solution or a prestation")
    scope = MilestoneScope.SOLUTION if solution else MilestoneScope.PRESTATION
    milestones = _milestones(dispositif=subject.dispositif_id, scope=scope)
    own = Deadline.objects.filter(solution=solution, prestation=prestation)
    return _open(own, [_deadline(milestone, subject, now) for milestone in milestones], now)


@transaction.atomic
def open_for_prestations(prestations: Sequence[Prestation], *, now: dt.datetime) -> list[Deadline]:
    """`open_deadlines` of many prestations of one dispositif, in a fixed number of queries."""
    milestones = _milestones(
        dispositif=prestations[0].dispositif_id, scope=MilestoneScope.PRESTATION
    )
    scope = Deadline.objects.filter(prestation__in=prestations)
    rows = [_deadline(milestone, p, now) for p in prestations for milestone in milestones]
    return _open(scope, rows, now)


@transaction.atomic
def open_for_milestone(milestone: Milestone, *, now: dt.datetime) -> list[Deadline]:
    """A calendar gains a milestone: each subject of its dispositif gains the deadline."""
    model = Solution if milestone.scope == MilestoneScope.SOLUTION else Prestation
    subjects = model.objects.filter(dispositif=milestone.dispositif)
    scope = Deadline.objects.filter(milestone=milestone)
    return _open(scope, [_deadline(milestone, subject, now) for subject in subjects], now)


def _milestones(*, dispositif: int, scope: MilestoneScope) -> QuerySet[Milestone]:
    """Locked against an amendment until the new deadlines are in: one that comes later moves them,
    one that came first is what they are made from."""
    return lock_rows(Milestone.objects.filter(dispositif=dispositif, scope=scope))


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
        version=milestone.date_version,
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


def _rows() -> DeadlineQuerySet:
    return Deadline.objects.select_related(
        "milestone", "dispositif", "organisation", "solution", "prestation"
    )


def _may(by: By, row: Deadline, who: DeadlineParty) -> bool:
    match who:
        case DeadlineParty.PREPARES:
            return can_prepare(by.actor, row.organisation_id)
        case DeadlineParty.FILES:
            return can_file(by.actor, row.organisation_id)
        case DeadlineParty.AGENT:
            return is_agent(by.actor)
        case DeadlineParty.RULE:
            return True  # asked of what happens on the page of the delay


def _impossible(workflow: Workflow[State], row: Deadline, act: Act[State]) -> str:
    before = State(row.state)
    now = f"Cette échéance est maintenant à l'état « {before.label} »"
    if workflow.is_shared(act) and len(act.sources) == 1:
        return f"{now} : cet acte part de l'état « {act.sources[0].label} »."
    allowed = ", ".join(f"« {state.label} »" for state in workflow.following(before))
    states = f"États possibles : {allowed}." if allowed else "Elle est close."
    return f"{now} : elle ne peut pas passer à « {act.target.label} ». {states}"


MILESTONES = Aggregate(DEADLINE, _rows, _may, partial(_impossible, DEADLINE), is_party)
DELAYS = Aggregate(DELAY, _rows, _may, partial(_impossible, DELAY))
lock = MILESTONES.lock


@transaction.atomic
def move(deadline: Deadline, act: str, *, by: By, what: str = "", note: str = "") -> Deadline:
    """Do an act of `rules.workflow`, and make the reminders follow."""
    aggregate = DELAYS if deadline.is_delay else MILESTONES
    step = aggregate.workflow.acts[act]
    reopens = step.target in OPEN_STATES and not set(step.sources) & set(OPEN_STATES)
    fields: dict[str, Any] = {"state_reason": note, "changed_at": by.at}
    if reopens:
        fields["reopened_at"] = by.at
    row = aggregate.move(deadline, act, by=by, what=what, note=note, **fields)
    if not row.is_open:
        reminders.cancel_for(row, reason=f"échéance à l'état « {step.target.label} »")
    elif reopens:
        reminders.plan(now=by.at, deadlines=Deadline.objects.filter(pk=row.pk))
    return row


def close_all(
    lines: Sequence[tuple[Deadline, str]],
    act: str,
    *,
    of: Aggregate[Deadline] = MILESTONES,
    by: By,
) -> None:
    """`move` of locked deadlines of milestones, or of delays, by an act that closes them, each with
    the words of its entry, in a number of queries that follows batches. Raises ValidationError.
    """
    words = [(row, {"what": what}) for row, what in lines]
    of.move_all(words, act, by=by, state_reason="", changed_at=by.at)
    reason = f"échéance à l'état « {of.workflow.acts[act].target.label} »"
    for start in range(0, len(lines), BATCH):
        rows = [row for row, _what in lines[start : start + BATCH]]
        reminders.cancel_for(*rows, reason=reason)


def journal(row: Deadline, act: str, *, by: By, what: str, note: str = "") -> None:
    """An entry of a locked deadline whose state stays."""
    row.changed_at = by.at
    row.save(update_fields=["changed_at"])
    (DELAYS if row.is_delay else MILESTONES).journal(row, act, by=by, what=what, note=note)
