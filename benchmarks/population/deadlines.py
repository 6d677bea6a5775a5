"""Deadlines of every milestone, what was deposited for them, and the journal of it."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator

from benchmarks.population.market import Park
from benchmarks.population.size import Size, save
from calendar_app.enums import FilingOrigin, FilingStatus, MilestoneScope, State
from calendar_app.models import Deadline, Filing, Milestone
from journal.enums import Origin
from journal.models import Entry, Signer
from segur.lib.canonical import digest

PAST = {
    State.ACCEPTED: 70,
    State.FILED: 15,
    State.TO_DO: 8,
    State.DRAFT: 2,
    State.TO_CORRECT: 2,
    State.REFUSED: 1,
    State.NOT_APPLICABLE: 2,
}
AHEAD = {
    State.TO_DO: 70,
    State.DRAFT: 8,
    State.FILED: 12,
    State.ACCEPTED: 8,
    State.NOT_APPLICABLE: 2,
}
"""Of a hundred deadlines, how many are in each state once the date has passed, and before."""
DEPOSITED = (State.FILED, State.ACCEPTED, State.TO_CORRECT, State.REFUSED)
LATE = 0.07
"""The part of the deposits of a past date that came after it."""


def fill_deadlines(size: Size, market: Park) -> None:
    deadlines = save(Deadline, _deadlines(size, market))
    filings = save(Filing, _filings(size, market, deadlines))
    by_pk = {row.pk: row for row in deadlines}
    save(Entry, _entries(market, by_pk, filings))


def _deadlines(size: Size, market: Park) -> Iterator[Deadline]:
    milestones: defaultdict[tuple[int, str], list[Milestone]] = defaultdict(list)
    for milestone in Milestone.objects.all():
        milestones[milestone.dispositif_id, milestone.scope].append(milestone)
    for solution in market.solutions:
        for milestone in milestones[solution.dispositif_id, MilestoneScope.SOLUTION]:
            yield _deadline(size, milestone, solution.organisation_id, solution_id=solution.pk)
    for prestation in market.prestations:
        for milestone in milestones[prestation.dispositif_id, MilestoneScope.PRESTATION]:
            yield _deadline(
                size, milestone, prestation.organisation_id, prestation_id=prestation.pk
            )


def _deadline(size: Size, milestone: Milestone, organisation: int, **subject: int) -> Deadline:
    is_past = milestone.due_at is not None and milestone.due_at <= size.now
    parts = PAST if is_past else AHEAD
    return Deadline(
        organisation_id=organisation,
        dispositif_id=milestone.dispositif_id,
        milestone=milestone,
        title=milestone.title,
        due_at=milestone.due_at,
        version=milestone.date_version,
        state=size.draw.choices(list(parts), list(parts.values()))[0],
        changed_at=size.days_ago(200),
        **subject,
    )


def _filings(size: Size, market: Park, deadlines: list[Deadline]) -> Iterator[Filing]:
    for number, deadline in enumerate(deadlines):
        author = market.people[deadline.organisation_id][1]
        common = {
            "deadline": deadline,
            "number": 1,
            "prepared_by": author,
        }
        if deadline.state == State.DRAFT:
            yield Filing(**common, status=FilingStatus.DRAFT, prepared_at=size.days_ago(60))
        elif deadline.state in DEPOSITED:
            deposited = _deposited(size, deadline)
            receipt = {"numero": f"REC-{deposited.year}-{number:06}"}
            is_decided = deadline.state != State.FILED
            decided = min(deposited + dt.timedelta(days=9), size.now) if is_decided else None
            yield Filing(
                **common,
                status=FilingStatus.FILED,
                origin=FilingOrigin.DECLARED,
                external_reference=f"ACC-{number:07}",
                deposited_at=deposited,
                recorded_by=author,
                recorded_by_name=author.full_name,
                recorded_at=min(deposited + dt.timedelta(hours=2), size.now),
                due_at=deadline.due_at,
                deadline_version=deadline.version,
                receipt_number=receipt["numero"],
                receipt=receipt,
                receipt_sha256=digest(receipt),
                decision=deadline.state if is_decided else "",
                decided_at=decided,
            )


def _deposited(size: Size, deadline: Deadline) -> dt.datetime:
    """Over the six months before the date or today, the earlier; LATE of them after the date."""
    due_at = deadline.due_at or size.now
    if due_at < size.now and size.draw.random() < LATE:
        length = min((size.now - due_at).total_seconds(), 30 * 86_400)
        return due_at + dt.timedelta(seconds=round(length * size.draw.random()))
    days = round(180 * size.draw.random() ** 2, 3)
    return min(due_at, size.now) - dt.timedelta(minutes=1, days=days)


def _entries(
    market: Park, deadlines: dict[int, Deadline], filings: list[Filing]
) -> Iterator[Entry]:
    """One of each deposit, one of each decision."""
    people = [person for team in market.people.values() for person in team] + market.agents
    signers = {
        row.user_id: row
        for row in save(
            Signer,
            [
                Signer(user_id=one.pk, name=one.full_name, salt="0", digest=digest([one.pk]))
                for one in people
            ],
        )
    }
    agents = [signers[agent.pk] for agent in market.agents]
    for filing in filings:
        deadline = deadlines[filing.deadline_id]
        subject = {
            "subject_type": "calendar_app.deadline",
            "subject_id": deadline.pk,
            "subject_label": deadline.title,
            "organisation_id": deadline.organisation_id,
            "origin": Origin.SCREEN,
        }
        author = signers[filing.prepared_by_id or 0]
        if filing.recorded_at:
            at = filing.recorded_at
            yield Entry(at=at, act="file", what="Dépôt déclaré", signer=author, **subject)
        if filing.decided_at:
            agent, at = agents[filing.pk % len(agents)], filing.decided_at
            yield Entry(at=at, act="accept", what="Dépôt confirmé", signer=agent, **subject)
