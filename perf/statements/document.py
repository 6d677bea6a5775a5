"""The document of a «relevé PERF»: one line of JSON, frozen, complete. Pure.

It is a line that `python -m perf score` and `explain` understand (DESIGN «Contracts»), rules
included, and beside it everything that the page, the PDF and the CSV show: they read it and nothing
else, so that what was issued never changes. Explanations are kept as they were given, in words: a
later engine recomputes the figure from the same line, but never rewrites an issued reason.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from perf.display import words
from perf.engine import ENGINE_VERSION
from perf.engine.explain import Part, Why
from perf.engine.instants import duration_text, from_us
from perf.engine.score import Scale, Step, perf_text
from perf.rules.figures import Explained, Figure, Simulation
from segur.lib import paris
from segur.lib.opening_hours import windows

FORMAT = "releve-perf/1"


@dataclass(frozen=True)
class StatementFigure:
    """D_f in microseconds and the score that it gave."""

    counted: int
    perf: Fraction


@dataclass(frozen=True)
class StatementReading:
    """`uncontested`: without the contested outages, None when there was none."""

    base: str
    figure: StatementFigure
    uncontested: StatementFigure | None

    @property
    def title(self) -> str:
        return words.READINGS[self.base].capitalize()


@dataclass(frozen=True)
class StatedPart:
    """A part of an outage, and the reason that was given."""

    start: dt.datetime
    end: dt.datetime
    length: int
    counts: bool
    reason: str


@dataclass(frozen=True)
class StatedOutage:
    """An outage as it was on the day. `left_out`: why none of it counted, or ""; `counted` and
    `parts` by counting base, `base` being that of the statement.
    """

    number: int
    base: str
    nature: str
    standing: str
    start: dt.datetime
    end: dt.datetime | None
    left_out: str
    journal: list[str]
    versions: list[dict[str, Any]]
    counted: Mapping[str, int]
    parts: Mapping[str, list[StatedPart]]

    @property
    def in_force(self) -> int:
        """What counted of it, in microseconds."""
        return self.counted[self.base]

    @property
    def shown_parts(self) -> list[StatedPart]:
        return self.parts[self.base]


class StatementDocument:
    """What a statement says, read from its text. `data` is the JSON object itself."""

    def __init__(self, text: str) -> None:
        self.data: dict[str, Any] = json.loads(text)
        self.number: str = self.data["name"]
        self.start, self.end = instant(self.data["period_start"]), instant(self.data["period_end"])
        self.now = instant(self.data["now"])
        self.base: str = self.data["base"]
        self.provisional: list[str] = self.data["provisional"]
        self.scale = _scale(self.data["rules"])

    @property
    def first_day(self) -> dt.date:
        return paris.day(self.start)

    @property
    def last_day(self) -> dt.date:
        return paris.last_day(self.end)

    @property
    def followed_since(self) -> dt.datetime:
        return instant(self.data["prestation"]["followed_since"])

    @property
    def is_partly_followed(self) -> bool:
        """The beginning of the period was not measured: the figure says nothing of it."""
        return self.start < self.followed_since < self.end

    @property
    def readings(self) -> list[StatementReading]:
        return [
            StatementReading(item["base"], _figure(item), _maybe_figure(item["without_contested"]))
            for item in self.data["readings"]
        ]

    @property
    def in_force(self) -> StatementReading:
        """The reading that the rules chose."""
        return next(item for item in self.readings if item.base == self.base)

    @property
    def differ(self) -> bool:
        return len({item.figure.perf for item in self.readings}) > 1

    @property
    def outages(self) -> list[StatedOutage]:
        return [_outage(item, self.base) for item in self.data["details"]]

    @property
    def rules(self) -> list[tuple[str, str]]:
        return list(_rules_lines(self.data["rules"]))


def compose(
    simulations: Sequence[Simulation], details: Sequence[dict[str, Any]], **about: Any
) -> dict[str, Any]:
    """The document. `simulations`: the one of the rules in force, then the same outages with the
    other base, for their explanation; `details`: what is known of each outage, in their order;
    `about`: the other keys, in plain JSON values.
    """
    simulation = simulations[0]
    return {
        "format": FORMAT,
        "engine": ENGINE_VERSION,
        "period_start": local(from_us(simulation.period.start)),
        "period_end": local(from_us(simulation.period.end)),
        "now": local(simulation.now),
        "base": simulation.rules.base,
        "rules": simulation.rules.as_json(),
        "outages": list(_counting(simulation)),
        "readings": [
            {
                "base": reading.base,
                **_stated(reading.before),
                "without_contested": _stated(reading.uncontested) if reading.uncontested else None,
            }
            for reading in simulation.readings
        ],
        "details": [
            {**detail, **_explained({s.rules.base: s.outages[place] for s in simulations})}
            for place, detail in enumerate(details)
        ],
        **about,
    }


def _counting(simulation: Simulation) -> Iterator[list[str | None]]:
    """What `score` counts. An end that is yet to come is given as open: nothing is counted beyond
    `now`, and an announced end may still move.
    """
    for item in simulation.outages:
        outage = item.outage
        if outage is None or outage.left_out is not None or outage.start >= simulation.now:
            continue
        is_over = outage.end is not None and outage.end <= simulation.now
        yield [local(outage.start), local(outage.end) if outage.end and is_over else None]


def _stated(found: Figure) -> dict[str, Any]:
    """A figure as `score` writes it."""
    return {
        "counted_us": found.counted,
        "counted": duration_text(found.counted),
        "perf": perf_text(found.perf),
    }


def _explained(found: Mapping[str, Explained]) -> dict[str, Any]:
    return {
        "counted_us": {base: item.counted for base, item in found.items()},
        "parts": {base: [_written(part) for part in item.parts] for base, item in found.items()},
    }


def _written(part: Part) -> dict[str, Any]:
    return {
        "start": local(from_us(part.start)),
        "end": local(from_us(part.end)),
        "us": part.length,
        "counts": part.why == Why.COUNTED,
        "why": part.why.value,
        "reason": words.why(part),
    }


def local(at: dt.datetime) -> str:
    """ISO 8601 with the Paris offset."""
    return paris.local(at).isoformat()


def instant(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text)


def _figure(item: Mapping[str, Any]) -> StatementFigure:
    return StatementFigure(item["counted_us"], Fraction(item["perf"]))


def _maybe_figure(item: Mapping[str, Any] | None) -> StatementFigure | None:
    return _figure(item) if item else None


def _outage(item: Mapping[str, Any], base: str) -> StatedOutage:
    return StatedOutage(
        number=item["number"],
        base=base,
        nature=item["nature"],
        standing=item["standing"],
        start=instant(item["start"]),
        end=instant(item["end"]) if item["end"] else None,
        left_out=item["left_out"],
        journal=item["journal"],
        versions=[_version(version) for version in item["versions"]],
        counted=item["counted_us"],
        parts={base: [_part(part) for part in found] for base, found in item["parts"].items()},
    )


def _version(item: Mapping[str, Any]) -> dict[str, Any]:
    return {
        **item,
        "start": instant(item["start"]),
        "end": instant(item["end"]) if item["end"] else None,
        "recorded_at": instant(item["recorded_at"]),
    }


def _part(item: Mapping[str, Any]) -> StatedPart:
    start, end = instant(item["start"]), instant(item["end"])
    return StatedPart(start, end, item["us"], item["counts"], item["reason"])


def _scale(rules: Mapping[str, Any]) -> Scale:
    steps = tuple(Step(item["limit_us"], Fraction(item["perf"])) for item in rules["thresholds"])
    return Scale(steps, Fraction(rules["beyond"]))


def _rules_lines(rules: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The rules in words, from the document: label and sentence."""
    for place, span in enumerate(rules["hours"]):
        since = dt.date.fromisoformat(span["from"])
        title = f"Période ouvrable depuis le {since:%d/%m/%Y}" if place else "Période ouvrable"
        yield title, _week(span)
    yield "PERF", f"{words.scale(_scale(rules))} (durée exacte)"
    yield "Lecture retenue", words.READINGS[rules["base"]].capitalize()
    counts = "compte" if rules["maintenance_counts"] else "ne compte pas"
    yield "Maintenance annoncée", f"Elle {counts}"


def _week(span: Mapping[str, str]) -> str:
    """«de 9h à 19h du lundi au vendredi, …, fermé le dimanche, hors jours fériés …»."""
    week = tuple(windows(span[day]) for day in paris.WEEKDAYS)
    kind = span["holidays"]
    closed = "nationaux" if kind == "national" else f"nationaux et locaux ({kind})"
    return f"{words.week(week)}, hors jours fériés {closed}, heure de Paris"
