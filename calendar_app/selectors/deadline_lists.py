"""Lists of deadlines: their order, the headings over their lines, and the cards that count them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from django.db.models import Count, F, Min, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from calendar_app.enums import OPEN_STATES, State
from calendar_app.models import Filing
from calendar_app.querysets import SOONEST, DeadlineQuerySet
from calendar_app.selectors.deadlines import Line
from segur.lib.remaining import TimeLeft, time_left


def _heading(line: Line) -> tuple[dt.datetime | None, int, str]:
    deadline = line.deadline
    return deadline.due_at, deadline.dispositif_id, deadline.title


def in_list_order(deadlines: DeadlineQuerySet, *, filed: bool = False) -> DeadlineQuerySet:
    """By milestone, the soonest first; under each by Client, or by solution where there is none.
    Those that are `filed` and wait for the ANS: by what they show, the instant of their deposit.
    """
    within = F("deposited_at") if filed else Coalesce("prestation__client__name", "solution__name")
    last = Filing.objects.filed().filter(deadline=OuterRef("pk")).order_by("-number")
    return deadlines.annotate(deposited_at=Subquery(last.values("deposited_at")[:1])).order_by(
        SOONEST, "dispositif", "title", within, "pk"
    )


UNFOLDED = 8
"""A list of more lines is folded under its milestones."""


@dataclass(frozen=True)
class Group:
    """All my open deadlines of one milestone: «12 prestations, avant le 22/09/2027 à 12h».

    Or those of one computed delay and date: it has no `code`, `first` is its first open deadline.
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

    @property
    def subjects(self) -> str:
        return f"{self.open} {self.noun}{'s' if self.open > 1 else ''}"


@dataclass(frozen=True)
class Section:
    """The lines of one milestone, or of one delay and date; `left` while one of them is open.

    `progress` counts them: «3 sur 14 déposées, 8 bloquées». A long list is folded as long as
    nothing narrows it.
    """

    title: str
    dispositif: str
    due_at: dt.datetime | None
    estimated_at: dt.datetime | None
    left: str
    lines: list[Line]
    progress: str
    is_folded: bool


def sections(
    rows: Iterable[Line], by_milestone: Iterable[Group] = (), *, folds: bool = False
) -> list[Section]:
    """`rows` as `in_list_order` sorts them, under a heading for each milestone. `by_milestone`: the
    whole of each, of which a page shows a part.
    """
    grouped = [list(group) for _key, group in groupby(rows, key=_heading)]
    is_folded = folds and len(grouped) > 1 and sum(map(len, grouped)) > UNFOLDED
    known = {(one.left.due_at, one.dispositif, one.title): one for one in by_milestone}
    found = []
    for lines in grouped:
        first = lines[0].deadline
        short = first.dispositif.short_name
        found.append(
            Section(
                title=first.title,
                dispositif=short,
                due_at=first.due_at,
                estimated_at=first.estimated_at,
                left=next((line.left.phrase for line in lines if line.deadline.is_open), ""),
                lines=lines,
                progress=_progress(lines, known.get((first.due_at, short, first.title))),
                is_folded=is_folded,
            )
        )
    return found


def _progress(lines: list[Line], group: Group | None) -> str:
    """What is filed of the whole milestone; what is blocked or in draft, where the page has all
    that is open."""
    if group is None or not group.code:
        return f"{len(lines)} ligne{'s' * (len(lines) > 1)}"
    words = [f"{group.filed} sur {group.open + group.filed} déposée{'s' * (group.filed > 1)}"]
    is_whole = sum(line.deadline.is_open for line in lines) == group.open
    blocked = sum(bool(line.unmet) for line in lines) if is_whole else 0
    if blocked:
        words.append(f"{blocked} bloquée{'s' * (blocked > 1)}")
    if group.drafts:
        words.append(f"{group.drafts} brouillon{'s' * (group.drafts > 1)}")
    return ", ".join(words)


def groups(deadlines: DeadlineQuerySet, *, now: dt.datetime) -> list[Group]:
    """The milestones with something to do, soonest first; the overdue ones come before all."""
    rows = (
        deadlines.values(
            "milestone__code",
            "milestone__estimated_at",
            "title",
            "due_at",
            "dispositif__short_name",
        )
        .annotate(
            of_solutions=Count("solution"),
            first=Min("pk", filter=Q(state__in=OPEN_STATES)),
            open=Count("pk", filter=Q(state__in=OPEN_STATES)),
            drafts=Count("pk", filter=Q(state=State.DRAFT)),
            filed=Count("pk", filter=Q(state__in=[State.FILED, State.ACCEPTED])),
        )
        .filter(open__gt=0)
        .order_by(SOONEST, "dispositif__short_name")
    )
    return [
        Group(
            title=row["title"],
            dispositif=row["dispositif__short_name"],
            code=row["milestone__code"] or "",
            first=row["first"],
            left=time_left(row["due_at"], now, estimated_at=row["milestone__estimated_at"]),
            open=row["open"],
            drafts=row["drafts"],
            filed=row["filed"],
            noun="solution" if row["of_solutions"] else "prestation",
        )
        for row in rows
    ]
