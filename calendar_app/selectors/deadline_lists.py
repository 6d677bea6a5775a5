"""Lists of deadlines: their order, the headings over their lines, and the cards that count them."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import groupby
from typing import TYPE_CHECKING, Any

from django.db.models import (
    Case,
    Count,
    F,
    IntegerField,
    Min,
    OuterRef,
    Q,
    Subquery,
    Value,
    When,
    Window,
)
from django.db.models.expressions import OrderBy
from django.db.models.functions import Coalesce, RowNumber

from accounts.permissions import preparable
from calendar_app.enums import OPEN_STATES, MilestoneScope, State
from calendar_app.models import Deadline, Filing, Milestone, Prestation
from calendar_app.querysets import SOONEST, DeadlineQuerySet
from calendar_app.selectors.deadlines import CLOSED_STATES, Line, counts, lines_of
from calendar_app.selectors.gates import blocked_by_supplier
from calendar_app.selectors.rights import paying_steps
from calendar_app.selectors.unchanged import unchanged
from segur.lib.once import once
from segur.lib.remaining import TimeLeft, time_left
from teamwork.selectors.absences import covered_by
from teamwork.selectors.charges import charges_of

if TYPE_CHECKING:
    from accounts.models import User

Key = tuple[dt.datetime | None, str, str]
"""Date, dispositif and title: those that stand under one heading."""

_NAME = Coalesce("prestation__client__name", "solution__name")


def _heading(line: Line) -> tuple[dt.datetime | None, int, str]:
    deadline = line.deadline
    return deadline.due_at, deadline.dispositif_id, deadline.title


def in_list_order(
    deadlines: DeadlineQuerySet, *, filed: bool = False, people: Collection[int] = ()
) -> DeadlineQuerySet:
    """By milestone, the soonest first; under each what these people are in charge of, then by
    Client, or by solution where there is none. Those that are `filed` and wait for the ANS: by what
    they show, the instant of their deposit.
    """
    within: F | Coalesce = _NAME
    if filed:
        last = Filing.objects.filed().filter(deadline=OuterRef("pk")).order_by("-number")
        deadlines = deadlines.annotate(deposited_at=Subquery(last.values("deposited_at")[:1]))
        within = F("deposited_at")
    return deadlines.order_by(SOONEST, "dispositif", "title", *_turn(people), within.asc(), "pk")


def _turn(people: Collection[int]) -> list[OrderBy]:
    """What one of these people is in charge of before the rest."""
    if not people:
        return []
    mine = When(pk__in=charges_of(people, Deadline), then=Value(0))
    return [Case(mine, default=Value(1), output_field=IntegerField()).asc()]


def in_charge_with(reader: User, now: dt.datetime) -> set[int]:
    """The people whose deadlines come first for this reader; none at the ANS, where nobody is in
    charge of one."""
    return covered_by(reader, now) if preparable(reader) else set()


LONG = 300
UNFOLDED, FIRST = 8, 5
"""A list of more lines is folded under its milestones, of which each shows so many at first."""


@dataclass(frozen=True)
class DeadlineGroup:
    """All my open deadlines of one milestone: «12 prestations, avant le 22/09/2027 à 12h».

    Or those of one computed delay and date: it has no `code`, `first` is its first open deadline.
    `blocked` of the open ones cannot be filed (`with_blocked`).
    """

    title: str
    dispositif: str
    code: str
    first: int
    left: TimeLeft
    open: int
    drafts: int
    filed: int
    noun: str
    blocked: int = 0

    @property
    def key(self) -> Key:
        return self.left.due_at, self.dispositif, self.title

    @property
    def subjects(self) -> str:
        return f"{self.open} {self.noun}{'s' if self.open > 1 else ''}"

    @property
    def progress(self) -> str:
        """«12 sur 40 faites, 3 bloquées, 1 en retard, 1 brouillon»; "" for a delay alone."""
        if not self.code and self.open + self.filed == 1:
            return ""
        words = [f"{self.filed} sur {self.open + self.filed} faite{'s' * (self.filed > 1)}"]
        if self.blocked:
            words.append(f"{self.blocked} bloquée{'s' * (self.blocked > 1)}")
        if self.left.overdue:
            words.append(f"{self.open} en retard")
        if self.drafts:
            words.append(f"{self.drafts} brouillon{'s' * (self.drafts > 1)}")
        return ", ".join(words)


@dataclass(frozen=True)
class ListSection:
    """The lines of one milestone, or of one delay and date; `left` while one of them is open.

    `group` counts the whole of which a page shows a part. A long list is folded as long as
    nothing narrows it.
    """

    title: str
    dispositif: str
    due_at: dt.datetime | None
    estimated_at: dt.datetime | None
    left: str
    lines: list[Line]
    group: DeadlineGroup | None
    is_folded: bool

    @property
    def progress(self) -> str:
        count = len(self.lines)
        return self.group.progress if self.group else f"{count} ligne{'s' * (count > 1)}"

    @property
    def is_cut(self) -> bool:
        return self.group is not None and self.group.open > len(self.lines)

    @property
    def to_declare(self) -> str:
        """Code of the milestone of which several lines are still to file; empty otherwise."""
        milestone = self.lines[0].deadline.milestone
        several = sum(line.deadline.is_open for line in self.lines) > 1
        return milestone.code if milestone and several else ""


def sections(
    rows: Iterable[Line], by_milestone: Iterable[DeadlineGroup] = (), *, folds: bool = False
) -> list[ListSection]:
    """`rows` as `in_list_order` sorts them, under a heading for each milestone. `by_milestone`: the
    whole of each, of which a page shows a part.
    """
    grouped = [list(group) for _key, group in groupby(rows, key=_heading)]
    is_folded = folds and sum(map(len, grouped)) > UNFOLDED
    known = {one.key: one for one in by_milestone}
    found = []
    for own in grouped:
        first = own[0].deadline
        short = first.dispositif.short_name
        found.append(
            ListSection(
                title=first.title,
                dispositif=short,
                due_at=first.due_at,
                estimated_at=first.estimated_at,
                left=next((line.left.phrase for line in own if line.deadline.is_open), ""),
                lines=own,
                group=known.get((first.due_at, short, first.title)),
                is_folded=is_folded,
            )
        )
    return found


def first_of_each(
    deadlines: DeadlineQuerySet, shown: Sequence[DeadlineGroup], *, now: dt.datetime, reader: User
) -> list[Line]:
    """The first open lines of each of these groups, in the order of this reader's list. Of a
    milestone with more than `LONG` of them, those recorded first: sorting thousands of names for
    five lines would take most of the time of the page.
    """
    size = FIRST if sum(group.open for group in shown) > UNFOLDED else UNFOLDED
    heading = ("due_at", "dispositif", "title")
    rows: list[Any] = []
    wanted = Q(pk__in=[])
    for group in shown:
        due_at, short, title = group.key
        if group.code and group.open > LONG:
            of_it = deadlines.open().filter(milestone__code=group.code).order_by("pk")
            rows += of_it.values_list(*heading, "pk", "pk")[:size]
        else:
            wanted |= Q(due_at=due_at, dispositif__short_name=short, title=title)
    ranked = (
        deadlines.open()
        .filter(wanted)
        .annotate(
            rank=Window(
                RowNumber(),
                partition_by=[F(name) for name in heading],
                order_by=[*_turn(in_charge_with(reader, now)), _NAME.asc(), F("pk").asc()],
            )
        )
    )
    rows += ranked.filter(rank__lte=size).order_by().values_list(*heading, "rank", "pk")
    rows.sort(key=lambda row: (row[0] or NEVER, *row[1:]))
    return lines_of([row[-1] for row in rows], now=now, reader=reader)


def with_blocked(
    shown: Iterable[DeadlineGroup],
    organisation: int,
    milestones: Iterable[Milestone],
    *,
    now: dt.datetime,
) -> list[DeadlineGroup]:
    """The groups of all the deadlines of this organisation, with how many of each are blocked by
    what belongs to their Fournisseur: one deadline of each Fournisseur answers for all of its own.
    """
    steps, suppliers = paying_steps([organisation])
    known = {one.pk: one for one in milestones}
    own = [step for step in steps if step.organisation == organisation]
    asked = [
        Deadline(
            pk=step.first,
            milestone=known[step.milestone],
            prestation=Prestation(supplier=suppliers[step.supplier]),
        )
        for step in own
    ]
    refused = blocked_by_supplier(asked, now)
    blocked: Counter[Key] = Counter()
    for step in own:
        if step.first in refused:
            one = known[step.milestone]
            blocked[one.due_at, one.dispositif.short_name, one.title] += step.number
    return [replace(group, blocked=blocked[group.key]) for group in shown]


@dataclass(frozen=True)
class Tally:
    """The milestones with something to do and the computed delays, and how
    many deadlines are to do, late, filed (waiting for the ANS), closed, and in all."""

    groups: list[DeadlineGroup]
    count: dict[str, int]


def tally(
    deadlines: DeadlineQuerySet,
    *,
    now: dt.datetime,
    of_organisation: int | None = None,
    is_all: bool = False,
) -> Tally:
    """The soonest first; the overdue ones come before all; with how many are `blocked`, where these
    are all the deadlines of one organisation (`of_organisation`). Four queries: the key of the
    milestone and the state alone are what an index answers. Those of the whole site (`is_all`) are
    counted when somebody acted.
    """
    states = states_of_all(now) if is_all else _states(deadlines)
    milestones = [one for one in all_milestones() if one.pk in states]
    found = [*_of_delays(deadlines, now)]
    count = Counter(counts(deadlines.filter(milestone=None), now=now))
    for one in milestones:
        left = time_left(one.due_at, now, estimated_at=one.estimated_at)
        group, own = _of_milestone(one, left, states[one.pk])
        count.update(own)
        if group.open:
            found.append(group)
    groups = sorted(found, key=lambda one: (one.left.due_at or NEVER, one.dispositif))
    if of_organisation is not None:
        groups = with_blocked(groups, of_organisation, milestones, now=now)
    return Tally(groups, dict(count))


States = dict[str, tuple[int, int]]
"""State → how many deadlines, and the first of them."""

NEVER = dt.datetime.max.replace(tzinfo=dt.UTC)
_COUNTS = {
    "first": Min("pk", filter=Q(state__in=OPEN_STATES)),
    "open": Count("pk", filter=Q(state__in=OPEN_STATES)),
    "drafts": Count("pk", filter=Q(state=State.DRAFT)),
    "filed": Count("pk", filter=Q(state__in=[State.FILED, State.ACCEPTED])),
}


def _states(deadlines: DeadlineQuerySet) -> dict[int, States]:
    """By milestone."""
    rows: Any = deadlines.exclude(milestone=None).order_by().values("milestone", "state")
    found: defaultdict[int, States] = defaultdict(dict)
    for row in rows.annotate(count=Count("pk"), first=Min("pk")):
        found[row["milestone"]][row["state"]] = row["count"], row["first"]
    return found


def all_milestones() -> list[Milestone]:
    """With their dispositif: a page asks once."""
    milestones = Milestone.objects.select_related("dispositif")
    return once("milestones", lambda: list(milestones))


def states_of_all(now: dt.datetime) -> dict[int, States]:
    """Of every deadline of the site; a page asks once."""
    return once("states of all", partial(_states_of_all, now))


def _states_of_all(now: dt.datetime) -> dict[int, States]:
    kept = unchanged("échéances par jalon", _as_rows, but=("perf.%",), now=now, correct=_corrected)
    found: defaultdict[int, States] = defaultdict(dict)
    for milestone, state, count, first in kept:
        found[milestone][state] = count, first
    return found


StateRow = tuple[int, str, int, int]
"""Milestone, state, how many and the first: JSON has them as a list."""


def _as_rows(milestones: Collection[int] | None = None) -> list[StateRow]:
    rows = Deadline.objects.all()
    if milestones is not None:
        rows = rows.filter(milestone__in=milestones)
    return [
        (milestone, state, *counted)
        for milestone, states in _states(rows).items()
        for state, counted in states.items()
    ]


def _corrected(known: list[StateRow], deadlines: list[int]) -> list[StateRow]:
    """The rows, those of the milestones of these deadlines counted again."""
    acted_on = Deadline.objects.filter(pk__in=deadlines).exclude(milestone=None).order_by()
    milestones = set(acted_on.values_list("milestone", flat=True))
    return [*(row for row in known if row[0] not in milestones), *_as_rows(milestones)]


def _of_milestone(
    milestone: Milestone, left: TimeLeft, states: States
) -> tuple[DeadlineGroup, dict[str, int]]:
    still = [states[state] for state in OPEN_STATES if state in states]
    number = {state: count for state, (count, _first) in states.items()}
    filed, todo = number.get(State.FILED, 0), sum(count for count, _first in still)
    group = DeadlineGroup(
        title=milestone.title,
        dispositif=milestone.dispositif.short_name,
        code=milestone.code,
        first=min((first for _count, first in still), default=0),
        left=left,
        open=todo,
        drafts=number.get(State.DRAFT, 0),
        filed=filed + number.get(State.ACCEPTED, 0),
        noun="solution" if milestone.scope == MilestoneScope.SOLUTION else "prestation",
    )
    return group, {
        "todo": todo,
        "late": todo if left.overdue else 0,
        "filed": filed,
        "closed": sum(number.get(state, 0) for state in CLOSED_STATES),
        "total": sum(number.values()),
    }


def _of_delays(deadlines: DeadlineQuerySet, now: dt.datetime) -> Iterator[DeadlineGroup]:
    keys = ("title", "due_at", "dispositif__short_name")
    rows: Any = deadlines.filter(milestone=None).order_by().values(*keys)
    for row in rows.annotate(of_solutions=Count("solution"), **_COUNTS).filter(open__gt=0):
        is_of_solutions = row.pop("of_solutions")
        yield DeadlineGroup(
            title=row.pop("title"),
            dispositif=row.pop("dispositif__short_name"),
            code="",
            left=time_left(row.pop("due_at"), now),
            noun="solution" if is_of_solutions else "prestation",
            **row,
        )
