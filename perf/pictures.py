"""What components/_gauge.html and components/_weeks.html draw, from the figures of the engine."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from perf import words
from perf.engine import downtime, hours
from perf.engine.instants import HOUR, Interval, from_us, to_us
from perf.engine.rules import Rules
from perf.engine.score import Scale
from perf.simulation import Figure
from segur.lib import paris
from segur.lib.opening_hours import MIDNIGHT

MAX_WEEKS = 5
NARROW = 12
"""In percent of the gauge: a narrower zone has no room for its name."""

DAY_MINUTES = 24 * 60
_MEANINGS = ("done", "soon", "late")
_DAYS = ("lun.", "mar.", "mer.", "jeu.", "ven.", "sam.", "dim.")


@dataclass(frozen=True)
class Weeks:
    """The days touched of the first weeks, and how many more weeks are touched."""

    picture: dict[str, Any]
    not_drawn: int


def gauge(figure: Figure, *, ident: str, title: str) -> dict[str, Any]:
    passed = sum(left < 0 for left in figure.left)
    full = _full(figure.scale)
    return {
        "id": ident,
        "title": title,
        "used": f"D_f {words.downtime(figure.counted, figure.scale)}",
        "left": budget(figure),
        "perf": words.perf(figure.perf),
        "meaning": _MEANINGS[passed],
        "used_pct": _pct(min(figure.counted, full), full),
        "zones": list(_zones(figure.scale)),
    }


def budget(figure: Figure) -> str:
    """«reste 4 h 00 min avant PERF 0,5», for the next threshold."""
    scale = figure.scale
    for left, (_step, to) in zip(figure.left, scale.falls, strict=True):
        if left >= 0:
            return f"reste {words.downtime(left, scale)} avant PERF {words.perf(to)}"
    return f"{words.downtime(-figure.left[-1], scale)} de trop"


def weeks(
    taken: Sequence[Interval], *, planned: Interval | None, period: Interval, rules: Rules
) -> Weeks | None:
    """One row for each day touched, in the first MAX_WEEKS weeks; None when none is."""
    stop = downtime.clip([planned] if planned else [], period)
    found = downtime.union([*taken, *stop])
    if not found:
        return None
    mondays = sorted({monday for item in found for monday in _mondays(item)})
    drawn = mondays[:MAX_WEEKS]
    days = [monday + dt.timedelta(n) for monday in drawn for n in range(7)]
    rows = [_row(day, found, stop, rules.open_time) for day in days]
    caption = "Jour par jour, heure de Paris" + (", arrêt prévu compris" if stop else "")
    picture = {"caption": caption, "days": [row for row in rows if row]}
    return Weeks(picture, len(mondays) - len(drawn))


def _full(scale: Scale) -> int:
    """What the gauge shows: every threshold and a little beyond, 0 to 24 h for 20 h."""
    return max(HOUR, scale.steps[-1].limit * 6 // 5)


def _zones(scale: Scale) -> Iterator[dict[str, Any]]:
    start, full = 0, _full(scale)
    for step in scale.steps:
        yield _zone(step.perf, words.limit(step.limit), _pct(start, full), _pct(step.limit, full))
        start = step.limit
    yield _zone(scale.beyond, "", _pct(start, full), 100.0)


def _zone(perf: Fraction, until: str, start: float, end: float) -> dict[str, Any]:
    return {
        "label": f"PERF {words.perf(perf)}" if end - start >= NARROW else "",
        "until": until,
        "start_pct": start,
        "end_pct": end,
        "middle_pct": round((start + end) / 2, 2),
    }


def _mondays(found: Interval) -> Iterator[dt.date]:
    day, last = paris.day(from_us(found.start)), paris.day(from_us(found.end - 1))
    day -= dt.timedelta(day.weekday())
    while day <= last:
        yield day
        day += dt.timedelta(7)


def _row(
    day: dt.date, found: Sequence[Interval], stop: Sequence[Interval], open_time: hours.OpenTime
) -> dict[str, Any] | None:
    whole = Interval(_midnight(day), _midnight(day + dt.timedelta(1)))
    inside = downtime.clip(found, whole)
    if not inside:
        return None
    slices = [part for item in inside for part in open_time.slices(*item)]
    notes = [open_time.hours.holiday(day), "arrêt prévu" if downtime.clip(stop, whole) else ""]
    return {
        "day": f"{_DAYS[day.weekday()]} {day:%d/%m/%Y}",
        "note": ", ".join(note for note in notes if note),
        "bars": [
            *(_bar("open", part, day) for part in open_time.slices(*whole)),
            *(_bar("ignored", part, day) for part in _without(inside, slices)),
            *(_bar("counted", part, day) for part in slices),
        ],
        "counted": words.duration(sum(part.end - part.start for part in slices)),
    }


def _without(inside: Sequence[Interval], slices: Sequence[Interval]) -> Iterator[Interval]:
    """What of `inside` no slice covers; the slices are parts of it, in order."""
    for start, end in inside:
        at = start
        for part in downtime.clip(slices, Interval(start, end)):
            yield Interval(at, part.start)
            at = part.end
        yield Interval(at, end)


def _bar(kind: str, part: Interval, day: dt.date) -> dict[str, Any]:
    """Where the Paris clock shows it, in percent of 24 hours."""
    start, end = _clock_pct(part.start, day), _clock_pct(part.end, day)
    return {"kind": kind, "start_pct": start, "width_pct": round(max(0.0, end - start), 2)}


def _clock_pct(instant: int, day: dt.date) -> float:
    moment = paris.local(from_us(instant))
    if moment.date() > day:
        return 100.0
    return _pct(moment.hour * 60 + moment.minute, DAY_MINUTES)


def _midnight(day: dt.date) -> int:
    return to_us(paris.at(day, MIDNIGHT))


def _pct(part: int, whole: int) -> float:
    return round(100 * part / whole, 2)
