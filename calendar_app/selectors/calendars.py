"""Reads of the calendars: pages, comparison, and the rows of the iCalendar feeds."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Count, Max, OuterRef, Q, QuerySet, Subquery

from accounts.models import User
from calendar_app.display.timeline import Mark, Picture, When, draw, when
from calendar_app.enums import OPEN_STATES, Channel, State
from calendar_app.models import (
    Deadline,
    Dispositif,
    Milestone,
    MilestoneVersion,
)
from calendar_app.querysets import SOONEST, DeadlineQuerySet
from calendar_app.rules.parameters import ASP_URL, CONVERGENCE_URL
from parameters.selectors import values
from segur.lib import paris
from segur.lib.remaining import TimeLeft, time_left

ADDRESS_KEYS = {Channel.CONVERGENCE: CONVERGENCE_URL, Channel.ASP: ASP_URL}


@dataclass(frozen=True)
class CalendarStep:
    """A milestone as it stands at an instant. `versions`: newest first. `when` is None while its
    date is not fixed.
    """

    milestone: Milestone
    versions: tuple[MilestoneVersion, ...]
    left: TimeLeft
    when: When | None
    is_next: bool
    address: str

    @property
    def source(self) -> str:
        """Of the regulatory date, or of the estimate where there is no other."""
        number = self.milestone.date_version if self.milestone.due_at else self.milestone.version
        return next((v.source for v in self.versions if v.number == number), "")


@dataclass(frozen=True)
class CalendarPage:
    """One calendar; `coming` is its next step, None when all is past."""

    dispositif: Dispositif
    steps: tuple[CalendarStep, ...]
    coming: CalendarStep | None

    @property
    def is_over(self) -> bool:
        return bool(self.steps) and all(step.left.overdue for step in self.steps)


@dataclass(frozen=True)
class Comparison:
    """The milestones of one number: one step per calendar, None where a calendar has none."""

    number: int
    title: str
    steps: tuple[CalendarStep | None, ...]
    gap_days: int

    @property
    def any(self) -> CalendarStep:
        """For what all calendars share: where it is filed, what it applies to."""
        return next(step for step in self.steps if step)

    @property
    def differs(self) -> bool:
        return len({step and _dates(step) for step in self.steps}) > 1


def _dates(step: CalendarStep) -> tuple[dt.datetime | None, dt.datetime | None]:
    return step.milestone.due_at, step.milestone.estimated_at


def calendar_pages(*, now: dt.datetime) -> list[CalendarPage]:
    """Both calendars with everything that their pages show, in a fixed number of queries."""
    dispositifs = Dispositif.objects.prefetch_related("milestones__versions")
    addresses = channel_addresses(at=now)
    return [_page(dispositif, addresses, now) for dispositif in dispositifs]


def channel_addresses(*, at: dt.datetime) -> dict[Channel, str]:
    """Where one really files, for the channels that have an address."""
    known = values(at=at)
    return {channel: str(known[key]) for channel, key in ADDRESS_KEYS.items()}


def _page(
    dispositif: Dispositif, addresses: Mapping[Channel, str], now: dt.datetime
) -> CalendarPage:
    milestones = sorted(dispositif.milestones.all(), key=lambda m: m.number)
    coming = min((m.due_at for m in milestones if m.due_at and m.due_at > now), default=None)
    steps = tuple(
        CalendarStep(
            milestone=milestone,
            versions=tuple(sorted(milestone.versions.all(), key=lambda v: -v.number)),
            left=time_left(milestone.due_at, now, estimated_at=milestone.estimated_at),
            when=when(milestone.due_at, now) if milestone.due_at else None,
            is_next=milestone.due_at is not None and milestone.due_at == coming,
            address=addresses.get(Channel(milestone.channel), ""),
        )
        for milestone in milestones
    )
    return CalendarPage(dispositif, steps, next((s for s in steps if s.is_next), None))


def compare(pages: Sequence[CalendarPage]) -> list[Comparison]:
    """Milestone by milestone, by number. `gap_days`: from the earliest to the latest Paris day."""
    numbers = sorted({step.milestone.number for page in pages for step in page.steps})
    return [_comparison(number, pages) for number in numbers]


def _comparison(number: int, pages: Sequence[CalendarPage]) -> Comparison:
    steps = tuple(
        next((step for step in page.steps if step.milestone.number == number), None)
        for page in pages
    )
    dates = [step.milestone.due_at for step in steps if step]
    days = [paris.day(due_at) for due_at in dates if due_at]
    return Comparison(
        number=number,
        title=_common_words([step.milestone.title for step in steps if step]),
        steps=steps,
        gap_days=(max(days) - min(days)).days if days else 0,
    )


def _common_words(titles: Sequence[str]) -> str:
    """The words that all titles share: what is left is the name of each dispositif."""
    others = [set(title.split()) for title in titles[1:]]
    words = titles[0].split()
    return " ".join(word for word in words if all(word in other for other in others))


def timeline(pages: Sequence[CalendarPage], *, now: dt.datetime) -> Picture | None:
    lanes = [(page.dispositif.short_name, [*_marks(page)]) for page in pages]
    return draw(lanes, now=now)


def _marks(page: CalendarPage) -> Iterator[Mark]:
    """A mark for the regulatory date, and one for the estimate beside it."""
    for milestone in (step.milestone for step in page.steps):
        for instant, estimated in ((milestone.due_at, False), (milestone.estimated_at, True)):
            if instant:
                yield Mark(milestone.number, milestone.title, instant, estimated)


@dataclass(frozen=True)
class DateChange:
    """A version of a milestone, and the one it replaced: None for a milestone added on the site."""

    version: MilestoneVersion
    before: MilestoneVersion | None


def amendments() -> QuerySet[MilestoneVersion]:
    """The changes of all calendars, newest first: dates, and milestones added on the site."""
    made_here = Q(number__gt=1) | Q(author__isnull=False)
    changes = MilestoneVersion.objects.filter(made_here).order_by("-created_at", "-pk")
    return changes.select_related("milestone__dispositif")


def date_changes(versions: Iterable[MilestoneVersion]) -> list[DateChange]:
    """Each of these versions with the one before it, in one query."""
    rows = list(versions)
    known = MilestoneVersion.objects.filter(milestone__in={row.milestone_id for row in rows})
    by_number = {(row.milestone_id, row.number): row for row in known}
    return [DateChange(row, by_number.get((row.milestone_id, row.number - 1))) for row in rows]


def touched(milestone: Milestone) -> dict[str, int]:
    """What an amendment of this milestone would move."""
    return milestone.deadlines.aggregate(
        deadlines=Count("pk"),
        open=Count("pk", filter=Q(state__in=OPEN_STATES)),
        organisations=Count("organisation", distinct=True),
    )


def milestones_with_change(dispositif: Dispositif) -> QuerySet[Milestone]:
    """The milestones of a calendar with their versions, and the instant of the newest of each."""
    dated = dispositif.milestones.annotate(version_at=Max("versions__created_at"))
    return dated.prefetch_related("versions").order_by("number")


def deadlines_with_change(queryset: DeadlineQuerySet) -> DeadlineQuerySet:
    """Deadlines with their subject and what `changed_at` reads, in one query."""
    versions = MilestoneVersion.objects.filter(milestone=OuterRef("milestone")).order_by("-number")
    return queryset.with_subject().annotate(
        version_at=Subquery(versions.values("created_at")[:1]),
    )


def changed_at(row: Milestone | Deadline) -> dt.datetime:
    """When a row of one of the two functions above last changed, in whole seconds (iCalendar)."""
    names = ("version_at", "changed_at", "created_at")
    stamps: list[dt.datetime] = [stamp for name in names if (stamp := getattr(row, name, None))]
    return max(stamps).replace(microsecond=0)


def own_deadlines(user: User) -> DeadlineQuerySet:
    """For the private feed: what the person's own organisations must still do, and what no longer
    applies (so that agendas strike it out). Filed ones leave the feed. Unlike `visible_to`, an
    éditeur's feed leaves out what its distributeurs must do, and the ANS's what all others must.
    """
    states = (*OPEN_STATES, State.NOT_APPLICABLE)
    mine = Deadline.objects.filter(organisation__in=list(user.roles), state__in=states)
    return deadlines_with_change(mine).order_by(SOONEST, "pk")
