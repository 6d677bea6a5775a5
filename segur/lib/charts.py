"""Geometry of the charts drawn on the server: curves over days, and stacked bars.

Positions only, nothing of how it looks: `templates/components/_curves.html` and `_bars.html` draw
them with classes of `pictures.css`. Horizontal places are percentages of the drawn width and
vertical ones pixels, so that letters keep their size on a phone. Curves and parts differ by their
stroke or texture as well as by colour. Values are whole numbers, zero or more.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import pairwise

from segur.lib.numbers import whole
from segur.lib.remaining import Meaning

SCALE = 1000
"""Units across a plot: a curve is stretched to the width of the page, its stroke is not."""
HEIGHT = 200
LABEL_ROW = 18
"""Pixels of a line of letters; labels nearer than that are moved apart."""
MARGIN = 4
GRID_LINES = 4
MOST_TICKS = 5
MONTHS_APART = (1, 2, 3, 6, 12, 24, 60, 120, 240)
JANUARY, DECEMBER = 1, 12
WHOLE = 100
LETTER = 2.6
"""Percent of the drawn width that a letter takes on a phone."""
GAP = 8
"""Pixels between the end of a curve and its label."""
BESIDE, ABOVE, UNDER = 5, -8, 18
"""Pixels from the end of a curve down to the foot of its label."""
NARROW_FIGURES = 3
MONTHS = (
    *("janv.", "févr.", "mars", "avr.", "mai", "juin"),
    *("juil.", "août", "sept.", "oct.", "nov.", "déc."),
)


class Stroke(StrEnum):
    """How a curve is drawn: one each, so that they differ without colour."""

    SOLID = "solid"
    DASHED = "dashed"
    DOTTED = "dotted"


@dataclass(frozen=True, slots=True)
class Series:
    """A curve: its name on the picture, and its (day, value) points in the order of days."""

    label: str
    stroke: Stroke
    points: Sequence[tuple[dt.date, int]]


@dataclass(frozen=True, slots=True)
class Marker:
    """A day that stands upright across the picture: today, or a legal date."""

    label: str
    day: dt.date
    is_legal: bool = True


@dataclass(frozen=True, slots=True)
class Place:
    """Something upright: percent from the left, its words and how they are anchored."""

    x: float
    label: str
    anchor: str
    y: int = 0
    is_legal: bool = False


@dataclass(frozen=True, slots=True)
class Tick:
    """A day of the axis; `year` is what a phone has no room for beside the next one."""

    x: float
    label: str
    year: str
    anchor: str


@dataclass(frozen=True, slots=True)
class GridLine:
    y: int
    label: str


@dataclass(frozen=True, slots=True)
class Curve:
    """`points` as SVG wants them, in `SCALE` × `HEIGHT`; the label stands at the last point,
    `dx` pixels away from it."""

    label: str
    stroke: Stroke
    points: str
    x: float
    anchor: str
    dx: int
    y: int


@dataclass(frozen=True, slots=True)
class TableRow:
    """What the curves show on one day; None where a curve has no point."""

    day: dt.date
    values: tuple[int | None, ...]


@dataclass(frozen=True, slots=True)
class CurveChart:
    """The table beside the picture has `labels` as columns and `rows` as lines."""

    top: int
    height: int
    curves: tuple[Curve, ...]
    markers: tuple[Place, ...]
    grid: tuple[GridLine, ...]
    ticks: tuple[Tick, ...]
    labels: tuple[str, ...]
    rows: tuple[TableRow, ...]

    @property
    def has_wide_figures(self) -> bool:
        """Its vertical axis takes more room: «10 000»."""
        return any(len(line.label) > NARROW_FIGURES for line in self.grid)


def curves(series: Sequence[Series], *, markers: Iterable[Marker] = ()) -> CurveChart | None:
    """The picture of these curves, from 0 up and over all their days; None when they hold fewer
    than two days."""
    marks = sorted(markers, key=lambda mark: mark.day)
    days = {day for one in series for day, _value in one.points} | {mark.day for mark in marks}
    highest = max((value for one in series for _day, value in one.points), default=0)
    if len(days) < 2:  # noqa: PLR2004  (a line has two ends)
        return None
    axis, known = _Axis(min(days), max(days)), [dict(one.points) for one in series]
    step = _step(highest)
    ceiling = max(step, -(-highest // step) * step)
    places = _markers(marks, axis)
    top = max((place.y for place in places), default=-MARGIN) + LABEL_ROW + 2 * MARGIN
    return CurveChart(
        top=top,
        height=top + HEIGHT + LABEL_ROW + 6,
        curves=_apart(
            (_curve(one, axis, ceiling, top, places) for one in series if one.points),
            floor=top + HEIGHT + ABOVE,
        ),
        markers=places,
        grid=tuple(
            GridLine(top + HEIGHT - HEIGHT * value // ceiling, whole(value))
            for value in range(0, ceiling + 1, step)
        ),
        ticks=tuple(axis.ticks()),
        labels=tuple(one.label for one in series),
        rows=tuple(
            TableRow(day, tuple(values.get(day) for values in known))
            for day in sorted(set().union(*known))
        ),
    )


@dataclass(frozen=True, slots=True)
class _Axis:
    first: dt.date
    last: dt.date

    def x(self, day: dt.date) -> float:
        return round(100 * (day - self.first).days / (self.last - self.first).days, 2)

    def ticks(self) -> Iterable[Tick]:
        """The first days of some months, at most `MOST_TICKS`; the ends where there is none."""
        months = list(self._months())
        if not months:
            for day, anchor in ((self.first, "start"), (self.last, "end")):
                yield Tick(self.x(day), f"{day:%d/%m/%Y}", "", anchor)
        every = next(
            n for n in MONTHS_APART if len(months) <= MOST_TICKS * n or n == max(MONTHS_APART)
        )
        shown = [day for day in months if (day.month - 1 + 12 * day.year) % every == 0]
        for place, day in enumerate(shown or months[:1]):
            label, year = MONTHS[day.month - 1], f" {day.year}"
            if day.month == JANUARY:
                label, year = label + year, ""
            yield Tick(self.x(day), label, "" if place else year, anchor_at(self.x(day), label))

    def _months(self) -> Iterable[dt.date]:
        day = self.first.replace(day=1)
        while day <= self.last:
            if day >= self.first:
                yield day
            after = day.month % DECEMBER + 1
            day = day.replace(year=day.year + (after == JANUARY), month=after)


def anchor_at(x: float, label: str) -> str:
    """How these words at this percentage stay inside the picture, on a phone too."""
    left, right = _span(label, x, "middle")
    if left < 0:
        return "start"
    return "end" if right > WHOLE else "middle"


def _step(highest: int) -> int:
    """A round step (1, 2 or 5 times a power of ten) that gives about `GRID_LINES` lines."""
    unit = 1
    while True:
        for step in (unit, 2 * unit, 5 * unit):
            if step * GRID_LINES >= highest:
                return step
        unit *= 10


def _curve(one: Series, axis: _Axis, ceiling: int, top: int, marks: Sequence[Place]) -> Curve:
    """Its label is at the right of its end where there is room and no marker, else at the left,
    clear of its last stretch; `_apart` moves those that touch."""
    drawn = [(axis.x(day), round(HEIGHT * (1 - value / ceiling), 1)) for day, value in one.points]
    x, y = drawn[-1]
    points = " ".join(f"{x * SCALE / 100:g},{y:g}" for x, y in drawn)
    left, right = _span(one.label, x, "start")
    is_clear = right < WHOLE and not any(left - 1 <= mark.x <= right for mark in marks)
    if is_clear or x < _span(one.label, 0, "start")[1] / 2:
        anchor, dx, below = "start", GAP, BESIDE
    else:
        falls = len(drawn) > 1 and drawn[-2][1] < y < HEIGHT - UNDER
        anchor, dx, below = "end", -GAP, UNDER if falls else ABOVE
    return Curve(one.label, one.stroke, points, x, anchor, dx, top + round(y) + below)


def _apart(drawn: Iterable[Curve], *, floor: int) -> tuple[Curve, ...]:
    """Labels from top to bottom, none over another nor on the axis."""
    placed: list[Curve] = []
    for curve in sorted(drawn, key=lambda curve: curve.y):
        y = curve.y
        for above in placed:
            if _touch(curve, above):
                y = max(y, above.y + LABEL_ROW)
        placed.append(replace(curve, y=y))
    lifted: list[Curve] = []
    for curve in reversed(placed):
        lowest = [under.y - LABEL_ROW for under in lifted if _touch(curve, under)]
        lifted.insert(0, replace(curve, y=min(curve.y, floor, *lowest)))
    return tuple(lifted)


def _span(label: str, x: float, anchor: str) -> tuple[float, float]:
    """From where to where words go, in percent of a phone's picture."""
    width = LETTER * (len(label) + 1)
    left = x - {"start": 0, "middle": width / 2, "end": width}[anchor]
    return left, left + width


def _touch(one: Curve | Place, other: Curve | Place) -> bool:
    """On one row, these two labels would stand on each other."""
    left, right = _span(one.label, one.x, one.anchor)
    other_left, other_right = _span(other.label, other.x, other.anchor)
    return left < other_right and other_left < right


def _markers(marks: Sequence[Marker], axis: _Axis) -> tuple[Place, ...]:
    """Neighbours stand on different rows."""
    places: list[Place] = []
    for mark in marks:
        x = axis.x(mark.day)
        place = Place(x, mark.label, anchor_at(x, mark.label), is_legal=mark.is_legal)
        above = places[-1].y if places and _touch(place, places[-1]) else -MARGIN
        places.append(replace(place, y=above + LABEL_ROW))
    return tuple(places)


@dataclass(frozen=True, slots=True)
class BarPart:
    """Each meaning has its texture."""

    label: str
    fill: Meaning
    value: int


@dataclass(frozen=True, slots=True)
class DrawnPart:
    label: str
    fill: Meaning
    value: str
    x: float
    width: float


@dataclass(frozen=True, slots=True)
class Bar:
    """A row: its name, its parts from left to right without the empty ones, their words and sum."""

    label: str
    parts: tuple[DrawnPart, ...]
    words: str
    total: str


def bars(rows: Sequence[tuple[str, Sequence[BarPart]]]) -> tuple[Bar, ...]:
    """Stacked bars on one scale: the longest takes the whole width."""
    longest = max((sum(part.value for part in parts) for _label, parts in rows), default=0)
    return tuple(_bar(label, parts, longest) for label, parts in rows)


def legend(rows: Iterable[tuple[str, Sequence[BarPart]]]) -> list[tuple[Meaning, str]]:
    """Each kind of part once, in the order of the rows."""
    return list(dict.fromkeys((part.fill, part.label) for _label, parts in rows for part in parts))


def _bar(label: str, parts: Sequence[BarPart], longest: int) -> Bar:
    shown = [part for part in parts if part.value]
    ends = [0]
    for part in shown:
        ends.append(ends[-1] + part.value)
    drawn = tuple(
        DrawnPart(
            part.label,
            part.fill,
            whole(part.value),
            x=round(100 * start / longest, 2),
            width=round(100 * (end - start) / longest, 2),
        )
        for part, (start, end) in zip(shown, pairwise(ends), strict=True)
    )
    words = ", ".join(f"{part.label} : {part.value}" for part in drawn) or "rien"
    return Bar(label, drawn, words, whole(ends[-1]))
