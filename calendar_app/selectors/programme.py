"""The whole programme, for the ANS: each milestone with what became of its deadlines."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count, F, OuterRef, Q, Subquery

from calendar_app.enums import OPEN_STATES, State
from calendar_app.models import Deadline, Filing, Milestone
from calendar_app.querysets import SOONEST, DeadlineQuerySet
from calendar_app.rules.parameters import NOON_IN_TIME
from parameters.selectors import value_at_any
from segur.lib import paris
from segur.lib.remaining import TimeLeft, time_left
from segur.lib.workdays import working_days


@dataclass(frozen=True)
class MilestoneRow:
    """Each deadline is counted in one column, from `to_do` to `set_aside`: they add up to `total`.

    `filed_late` and `accepted_late` are parts of `filed` and `accepted`.
    """

    milestone: Milestone
    left: TimeLeft
    to_do: int
    drafts: int
    overdue: int
    filed: int
    filed_late: int
    accepted: int
    accepted_late: int
    refused: int
    set_aside: int
    total: int


def milestone_rows(*, now: dt.datetime) -> list[MilestoneRow]:
    """The milestones of both dispositifs by date, counted in one query and two small ones."""
    ahead = Q(due_at__gt=now) | Q(due_at=None)
    late = Q(deadlines__in=_deposited_late().values("pk"))
    wanted = {
        "to_do": ahead & _in(State.TO_DO, State.TO_CORRECT),
        "drafts": ahead & _in(State.DRAFT),
        "overdue": ~ahead & _in(*OPEN_STATES),
        "filed": _in(State.FILED),
        "filed_late": _in(State.FILED) & late,
        "accepted": _in(State.ACCEPTED),
        "accepted_late": _in(State.ACCEPTED) & late,
        "refused": _in(State.REFUSED),
        "set_aside": _in(State.NOT_APPLICABLE),
        "total": Q(),
    }
    counted = Milestone.objects.select_related("dispositif").annotate(
        **{name: Count("deadlines", filter=condition) for name, condition in wanted.items()}
    )
    return [
        MilestoneRow(
            milestone=row,
            left=time_left(row.due_at, now, estimated_at=row.estimated_at),
            **{name: getattr(row, name) for name in wanted},
        )
        for row in counted.order_by(SOONEST, "dispositif")
    ]


def _in(*states: State) -> Q:
    return Q(deadlines__state__in=states)


def _deposited_late() -> DeadlineQuerySet:
    """Those whose last filing is late by the date that held at its recording, as on its receipt."""
    last = Filing.objects.filed().filter(deadline=OuterRef("pk")).order_by("-number")
    noon = value_at_any(NOON_IN_TIME)
    dates = Filing.objects.filed().filter(deposited_at=F("due_at")).values_list("due_at", flat=True)
    kept = [due_at for due_at in dates.order_by().distinct() if due_at and noon(due_at)]
    return Deadline.objects.annotate(
        measured_by=Subquery(last.values("due_at")[:1]),
        deposited=Subquery(last.values("deposited_at")[:1]),
    ).filter(
        Q(deposited__gt=F("measured_by")) | Q(deposited=F("measured_by")) & ~Q(measured_by__in=kept)
    )


@dataclass(frozen=True)
class Waiting:
    """A filing that waits for the ANS's confirmation, with its age in working days."""

    deadline: Deadline
    filing: Filing
    working_days: int


def waiting(*, now: dt.datetime, limit: int = 10) -> tuple[list[Waiting], int]:
    """Those recorded first come first; and how many there are in all."""
    filings = (
        Filing.objects.filed()
        .filter(deadline__state=State.FILED, decided_at=None)
        .select_related(
            "deadline__organisation",
            "deadline__dispositif",
            "deadline__solution",
            "deadline__prestation__client",
            "deadline__prestation__supplier__solution",
        )
        .prefetch_related("proofs")
        .order_by("recorded_at", "pk")
    )
    rows = [
        Waiting(filing.deadline, filing, _age(filing.recorded_at or now, now))
        for filing in filings[:limit]
    ]
    return rows, filings.count()


def _age(since: dt.datetime, now: dt.datetime) -> int:
    return working_days(paris.day(since), paris.day(now))
