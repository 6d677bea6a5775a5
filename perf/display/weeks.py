"""What components/_weeks.html draws: a row a day where something happened, or a row a week."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from perf.display import words
from perf.engine import downtime
from perf.engine.explain import Why
from perf.engine.instants import Interval, from_us, to_us
from perf.engine.rules import OUVRABLE, Rules
from perf.rules.figures import Explained, Simulation
from segur.lib import paris
from segur.lib.numbers import counted
from segur.lib.opening_hours import MIDNIGHT

MAX_WEEKS = 5
DAY_MINUTES = 24 * 60
WEEK = dt.timedelta(7)
_DAYS = ("lun.", "mar.", "mer.", "jeu.", "ven.", "sam.", "dim.")
DAYS_HEAD = {"row": "Jour", "picture": "De 0h à 24h", "ticks": []}
WEEKS_HEAD = {
    "row": "Semaine du",
    "picture": "Du lundi au dimanche",
    "ticks": [
        {"pct": round(100 * place / 7, 2), "label": day.removesuffix(".")}
        for place, day in enumerate(_DAYS)
    ],
}


@dataclass(frozen=True)
class Weeks:
    """The days touched of the first weeks, and how many more weeks are touched."""

    picture: dict[str, Any]
    not_drawn: int


@dataclass(frozen=True)
class Ruler:
    """A row of the picture: `count` Paris days from `first` on."""

    first: dt.date
    count: int

    @property
    def whole(self) -> Interval:
        return Interval(_midnight(self.first), _midnight(self.first + dt.timedelta(self.count)))

    def bar(self, kind: str, part: Interval) -> dict[str, Any]:
        """Where the Paris clock shows it, in percent of the row."""
        start, end = self._pct(part.start), self._pct(part.end)
        return {"kind": kind, "start_pct": start, "width_pct": round(max(0.0, end - start), 2)}

    def _pct(self, instant: int) -> float:
        moment = paris.local(from_us(instant))
        minutes = (moment.date() - self.first).days * DAY_MINUTES + moment.hour * 60 + moment.minute
        return round(100 * min(1.0, minutes / (self.count * DAY_MINUTES)), 2)


def days(
    taken: Sequence[Interval], *, planned: Interval | None, period: Interval, rules: Rules
) -> Weeks | None:
    """One row for each day touched, in the first MAX_WEEKS weeks; None when none is."""
    stop = downtime.clip([planned] if planned else [], period)
    found = downtime.union([*taken, *stop])
    if not found:
        return None
    mondays = sorted({monday for item in found for monday in _mondays(item)})
    drawn = mondays[:MAX_WEEKS]
    touched = [monday + dt.timedelta(n) for monday in drawn for n in range(7)]
    rows = [_day(day, found, stop, rules) for day in touched]
    caption = "Jour par jour, heure de Paris" + (", arrêt prévu compris" if stop else "")
    picture = {
        "caption": caption,
        "head": DAYS_HEAD,
        "rows": [row for row in rows if row],
        "unmeasured": False,
        "coming": bool(stop),
    }
    return Weeks(picture, len(mondays) - len(drawn))


def period(simulation: Simulation, *, since: dt.datetime | None = None) -> dict[str, Any]:
    """The whole period, a row a week; neighbouring weeks without outage are one row. `since`:
    nobody was measuring before; None: always.
    """
    followed = simulation.period.start if since is None else to_us(since)
    lines = _lines(simulation)
    now = to_us(simulation.now)
    touched = {monday for item in lines.everything for monday in _mondays(item)}
    mondays = list(_mondays(simulation.period))
    rows: list[dict[str, Any]] = []
    for kind, group in groupby(mondays, key=lambda day: _kind(day, touched, followed, now)):
        weeks = list(group)
        if kind == "touched":
            rows += [_week(Ruler(monday, 7), lines, simulation) for monday in weeks]
        else:
            rows.append(_folded(weeks, kind))
    caption = "Semaine par semaine, du lundi 0h au dimanche 24h, heure de Paris"
    return {
        "caption": caption,
        "head": WEEKS_HEAD,
        "rows": rows,
        "unmeasured": bool(lines.unmeasured),
        "coming": bool(lines.coming),
    }


@dataclass(frozen=True)
class _Lines:
    """Disjoint intervals in the period: what counts, what will, what does not at all, what is not
    known.
    """

    taken: list[Interval]
    coming: list[Interval]
    ignored: list[Interval]
    unmeasured: list[Interval]

    @property
    def everything(self) -> list[Interval]:
        return [*self.taken, *self.coming, *self.ignored, *self.unmeasured]


def _lines(simulation: Simulation) -> _Lines:
    def drawn(found: list[Explained]) -> list[Interval]:
        return downtime.union(downtime.clip([item.interval for item in found], simulation.period))

    counting = [item for item in simulation.outages if _why(item) is None]
    unmeasured = [item for item in simulation.outages if _why(item) == Why.UNMEASURED]
    others = [item for item in simulation.outages if _why(item) != Why.UNMEASURED]
    later = Interval(min(to_us(simulation.now), simulation.period.end), simulation.period.end)
    return _Lines(
        taken=simulation.taken,
        coming=downtime.clip(drawn(counting), later),
        ignored=drawn(others),
        unmeasured=drawn(unmeasured),
    )


def _why(item: Explained) -> Why | None:
    return item.outage.left_out if item.outage else None


def _kind(monday: dt.date, touched: set[dt.date], followed: int, now: int) -> str:
    if monday in touched:
        return "touched"
    if _midnight(monday) > now:
        return "à venir"
    return "sans panne" if _midnight(monday + WEEK) > followed else "sans mesure"


def _folded(mondays: list[dt.date], kind: str) -> dict[str, Any]:
    last = mondays[-1] + dt.timedelta(6)
    first = f"{mondays[0]:%d/%m}" if mondays[0].year == last.year else f"{mondays[0]:%d/%m/%Y}"
    label = f"{first} au {last:%d/%m/%Y}"
    return {"label": label, "folded": f"{counted(len(mondays), 'semaine')} {kind}"}


def _week(ruler: Ruler, lines: _Lines, simulation: Simulation) -> dict[str, Any]:
    rules, whole = simulation.rules, ruler.whole
    open_time = rules.open_time
    counted = _counting(downtime.clip(lines.taken, whole), rules)
    coming = _counting(downtime.clip(lines.coming, whole), rules)
    ignored = [
        part
        for part in _without(downtime.clip(lines.ignored, whole), [*counted, *coming])
        if part.start < part.end
    ]
    unmeasured = downtime.clip(lines.unmeasured, whole)
    opened = [
        part
        for item in downtime.clip([simulation.period], whole)
        for part in open_time.slices(*item)
    ]
    days = [ruler.first + dt.timedelta(n) for n in range(7)]
    notes = [
        *(
            f"{name}, {_DAYS[day.weekday()]}"
            for day in days
            if (name := open_time.hours.holiday(day))
        ),
        f"à venir {words.duration(_length(coming))}" if coming else "",
        f"non compté {words.duration(_length(ignored))}" if ignored else "",
        f"non mesuré {words.duration(_length(unmeasured))}" if unmeasured else "",
    ]
    return {
        "label": f"{ruler.first:%d/%m/%Y}",
        "note": " · ".join(note for note in notes if note),
        "bars": [
            *(ruler.bar("open", part) for part in opened),
            *(ruler.bar("unmeasured", part) for part in unmeasured),
            *(ruler.bar("ignored", part) for part in ignored),
            *(ruler.bar("coming", part) for part in coming),
            *(ruler.bar("counted", part) for part in counted),
        ],
        "counted": words.duration(_length(counted)),
        "folded": "",
    }


def _day(
    day: dt.date, found: Sequence[Interval], stop: Sequence[Interval], rules: Rules
) -> dict[str, Any] | None:
    ruler, open_time = Ruler(day, 1), rules.open_time
    inside = downtime.clip(found, ruler.whole)
    if not inside:
        return None
    counted = _counting(inside, rules)
    planned = _counting(downtime.clip(stop, ruler.whole), rules)
    notes = [
        open_time.hours.holiday(day),
        "arrêt prévu" if downtime.clip(stop, ruler.whole) else "",
    ]
    return {
        "label": f"{_DAYS[day.weekday()]} {day:%d/%m/%Y}",
        "note": ", ".join(note for note in notes if note),
        "bars": [
            *(ruler.bar("open", part) for part in open_time.slices(*ruler.whole)),
            *(ruler.bar("ignored", part) for part in _without(inside, counted)),
            *(ruler.bar("counted", part) for part in counted),
            *(ruler.bar("coming", part) for part in planned),
        ],
        "counted": words.duration(_length(counted)),
        "folded": "",
    }


def _counting(inside: list[Interval], rules: Rules) -> list[Interval]:
    """The parts that the base in force counts."""
    if rules.base != OUVRABLE:
        return inside
    return [part for item in inside for part in rules.open_time.slices(*item)]


def _length(parts: Sequence[Interval]) -> int:
    return sum(part.end - part.start for part in parts)


def _mondays(found: Interval) -> Iterator[dt.date]:
    day, last = paris.day(from_us(found.start)), paris.day(from_us(found.end - 1))
    day -= dt.timedelta(day.weekday())
    while day <= last:
        yield day
        day += WEEK


def _without(inside: Sequence[Interval], slices: Sequence[Interval]) -> Iterator[Interval]:
    """What of `inside` no slice covers; the slices are in order."""
    for start, end in inside:
        at = start
        for part in downtime.clip(slices, Interval(start, end)):
            yield Interval(at, part.start)
            at = part.end
        yield Interval(at, end)


def _midnight(day: dt.date) -> int:
    return to_us(paris.at(day, MIDNIGHT))
