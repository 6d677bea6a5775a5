"""Geometry of the timeline picture: where each date falls, nothing of how it looks.

Horizontal places are percentages of the drawn width, so that letters keep their size on a phone;
vertical ones are pixels. One lane per calendar, labels outside, and between two lanes a link from
each milestone to its like, upright when the dates are the same.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from segur.lib import paris

MARGIN = 3.0
CROWDED = 5.5
"""Two labels nearer than this many percent do not fit on one row."""
TOUCHING, NUDGE = 2.6, 24
"""Two shapes nearer than this many percent would hide each other: the second moves inward."""
NEAR_EDGE = 8.0
FIRST_LANE, LANE_GAP, LABEL_ROW = 86, 82, 18
QUARTER = 3
MONTHS = {1: "janv.", 4: "avr.", 7: "juil.", 10: "oct."}


class When(StrEnum):
    PAST = "past"
    TODAY = "today"
    TO_COME = "to-come"


@dataclass(frozen=True)
class Mark:
    """A date of a milestone: `due_at` is an estimate where `estimated`."""

    number: int
    title: str
    due_at: dt.datetime
    estimated: bool


@dataclass(frozen=True)
class TimelinePoint:
    mark: Mark
    x: float
    y: int
    label_y: int
    when: When
    is_next: bool

    @property
    def pct(self) -> str:
        return percent(self.x)

    @property
    def label(self) -> str:
        return f"{paris.day(self.mark.due_at):%d/%m}"


@dataclass(frozen=True)
class Lane:
    label: str
    y: int
    name_y: int
    points: tuple[TimelinePoint, ...]


@dataclass(frozen=True)
class TimelineLink:
    """From a milestone of one lane to its like of the next; `days` apart, 0 when the same day."""

    start: str
    end: str
    middle: str
    y1: int
    y2: int
    days: int

    @property
    def gap(self) -> str:
        """«+98 j»: the lower lane is that much later."""
        return f"{self.days:+} j".replace("-", "−")

    @property
    def middle_y(self) -> int:
        return (self.y1 + self.y2) // 2 + 5


@dataclass(frozen=True)
class TimelineTick:
    pct: str
    label: str
    is_year: bool
    anchor: str


@dataclass(frozen=True)
class Picture:
    height: int
    ticks_y: int
    today: str
    today_label: str
    today_anchor: str
    ticks: tuple[TimelineTick, ...]
    lanes: tuple[Lane, ...]
    links: tuple[TimelineLink, ...]


def when(due_at: dt.datetime, now: dt.datetime) -> When:
    """At its very instant a milestone is past («avant» is strict)."""
    if now >= due_at:
        return When.PAST
    return When.TODAY if paris.day(now) == paris.day(due_at) else When.TO_COME


def percent(x: float) -> str:
    return f"{x:.2f}%"


def draw(lanes: Sequence[tuple[str, Sequence[Mark]]], *, now: dt.datetime) -> Picture | None:
    """The picture of these calendars, or None when they hold no date. `today` is "" outside it."""
    days = [paris.day(mark.due_at) for _, marks in lanes for mark in marks]
    if not days:
        return None
    axis = _QuarterAxis(_quarter(min(days)), _next_quarter(max(days)))
    drawn = tuple(
        _lane(label, marks, place, axis, now) for place, (label, marks) in enumerate(lanes)
    )
    today = paris.day(now)
    inside = axis.start <= today <= axis.end
    bottom = FIRST_LANE + LANE_GAP * (len(lanes) - 1)
    labels_below = 2 * LABEL_ROW if len(lanes) > 1 else 0
    ticks_y = bottom + labels_below + 50
    return Picture(
        height=ticks_y + 10,
        ticks_y=ticks_y,
        today=percent(axis.x(today)) if inside else "",
        today_label=f"aujourd'hui {today:%d/%m}",
        today_anchor=_anchor(axis.x(today)),
        ticks=tuple(axis.ticks()),
        lanes=drawn,
        links=tuple(link for above, below in pairwise(drawn) for link in _links(above, below)),
    )


@dataclass(frozen=True)
class _QuarterAxis:
    """From the first day of a quarter to the first day of a later one."""

    start: dt.date
    end: dt.date

    def x(self, day: dt.date) -> float:
        share = (day - self.start).days / (self.end - self.start).days
        return MARGIN + (100 - 2 * MARGIN) * share

    def ticks(self) -> Iterable[TimelineTick]:
        day = self.start
        while day <= self.end:
            is_year = day.month == 1
            month, x = MONTHS[day.month], self.x(day)
            label = f"{month} {day.year}" if is_year or day == self.start else month
            yield TimelineTick(percent(x), label, is_year, _anchor(x))
            day = _next_quarter(day)


def _lane(
    label: str, marks: Sequence[Mark], place: int, axis: _QuarterAxis, now: dt.datetime
) -> Lane:
    y = FIRST_LANE + LANE_GAP * place
    outward = -1 if place == 0 else 1
    legal = (m.due_at for m in marks if m.due_at > now and not m.estimated)
    coming = min(legal, default=None)
    points: list[TimelinePoint] = []
    row = 0
    for mark in sorted(marks, key=lambda m: m.due_at):
        x = axis.x(paris.day(mark.due_at))
        gap = x - points[-1].x if points else CROWDED
        row = 1 - row if gap < CROWDED else 0
        nudged = gap < TOUCHING and points[-1].y == y
        points.append(
            TimelinePoint(
                mark=mark,
                x=x,
                y=y - outward * NUDGE if nudged else y,
                label_y=y + outward * (27 + LABEL_ROW * row) + (9 if outward > 0 else 0),
                when=when(mark.due_at, now),
                is_next=mark.due_at == coming and not mark.estimated,
            )
        )
    return Lane(label=label, y=y, name_y=y + (-44 if outward < 0 else 56), points=tuple(points))


def _links(above: Lane, below: Lane) -> Iterable[TimelineLink]:
    like = {point.mark.number: point for point in below.points if not point.mark.estimated}
    for point in above.points:
        if point.mark.estimated:
            continue
        if other := like.get(point.mark.number):
            gap = paris.day(other.mark.due_at) - paris.day(point.mark.due_at)
            yield TimelineLink(
                start=point.pct,
                end=other.pct,
                middle=percent((point.x + other.x) / 2),
                y1=point.y,
                y2=other.y,
                days=gap.days,
            )


def _quarter(day: dt.date) -> dt.date:
    return day.replace(month=(day.month - 1) // QUARTER * QUARTER + 1, day=1)


def _next_quarter(day: dt.date) -> dt.date:
    first = _quarter(day)
    if first.month > 12 - QUARTER:
        return first.replace(year=first.year + 1, month=1)
    return first.replace(month=first.month + QUARTER)


def _anchor(x: float) -> str:
    """How a label hangs at this place, so that it stays inside the picture."""
    if x < NEAR_EDGE:
        return "start"
    return "end" if x > 100 - NEAR_EDGE else "middle"
