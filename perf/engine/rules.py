"""The rules that turn outages into a score, as one value that can be exported and read again.

DOMAIN §4 and §9: hours, holidays, thresholds, GTI and GTR, base, maintenance. Hours and holidays
hold day by day; the rest is what was in effect when the rules were drawn up.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

from perf.engine.errors import BadRules
from perf.engine.guarantees import GTI, GTR
from perf.engine.hours import (
    FIRST_YEAR,
    LAST_YEAR,
    MIDNIGHT,
    SATURDAY,
    WEEKDAY,
    AllTime,
    Clock,
    OpenTime,
    Window,
)
from perf.engine.score import OFFICIAL, Scale, Step
from segur.lib.national_holidays import national_holidays
from segur.lib.paris import PARIS

OUVRABLE, CONTINU = "ouvrable", "continu"
BASES = (OUVRABLE, CONTINU)
DAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
CLOSED = "fermé"
Week = tuple[tuple[Window, ...], ...]
"""Seven tuples of windows, Monday first."""


@dataclass(frozen=True)
class Span:
    """Weekly hours that hold from a Paris day on; `subdivision` (of the `holidays` package, ex.
    «57») closes its own days as well as the national ones.
    """

    start: dt.date
    week: Week
    subdivision: str = ""


@dataclass(frozen=True)
class DatedHours:
    """Opening hours that change on given days; the first of `spans` also holds before its start."""

    spans: tuple[Span, ...]
    zone: ZoneInfo = PARIS

    def windows(self, day: dt.date) -> Sequence[Window]:
        return () if self.holiday(day) else self._span(day).week[day.weekday()]

    def holiday(self, day: dt.date) -> str:
        return national_holidays(day.year, self._span(day).subdivision).get(day, "")

    def _span(self, day: dt.date) -> Span:
        return next((s for s in reversed(self.spans) if s.start <= day), self.spans[0])


SUPPORT_WEEK: Week = (*(WEEKDAY,) * 5, SATURDAY, ())
SUPPORT_SPAN = Span(dt.date(FIRST_YEAR, 1, 1), SUPPORT_WEEK)


@dataclass(frozen=True)
class Rules:
    """Durations in microseconds. `base` and `guarantee_base` are OUVRABLE or CONTINU."""

    spans: tuple[Span, ...] = (SUPPORT_SPAN,)
    scale: Scale = OFFICIAL
    base: str = OUVRABLE
    gti: int = GTI
    gtr: int = GTR
    guarantee_base: str = OUVRABLE
    maintenance_counts: bool = True

    @property
    def open_time(self) -> OpenTime:
        return _open_time(self.spans)

    def clock(self, base: str) -> Clock:
        return self.open_time if base == OUVRABLE else AllTime()

    @property
    def guarantee_clock(self) -> Clock:
        return self.clock(self.guarantee_base)

    def as_json(self) -> dict[str, Any]:
        """Plain values, from which `from_json` makes the same rules."""
        return {
            "hours": [
                {
                    "from": span.start.isoformat(),
                    **dict(zip(DAYS, map(windows_text, span.week), strict=True)),
                    "holidays": span.subdivision or "national",
                }
                for span in self.spans
            ],
            "thresholds": [
                {"limit_us": step.limit, "perf": str(step.perf)} for step in self.scale.steps
            ],
            "beyond": str(self.scale.beyond),
            "base": self.base,
            "gti_us": self.gti,
            "gtr_us": self.gtr,
            "guarantee_base": self.guarantee_base,
            "maintenance_counts": self.maintenance_counts,
        }


SLIDES = Rules()
"""What the slides say, and the defaults of what they do not."""


@lru_cache(maxsize=64)
def _open_time(spans: tuple[Span, ...]) -> OpenTime:
    return OpenTime(DatedHours(spans), FIRST_YEAR, LAST_YEAR)


def from_json(data: Any) -> Rules:
    """The rules that `as_json` wrote. Raises BadRules, in French."""
    try:
        steps = tuple(Step(int(s["limit_us"]), Fraction(s["perf"])) for s in data["thresholds"])
        rules = Rules(
            spans=tuple(_span(item) for item in data["hours"]),
            scale=Scale(steps, Fraction(data["beyond"])),
            base=data["base"],
            gti=int(data["gti_us"]),
            gtr=int(data["gtr_us"]),
            guarantee_base=data["guarantee_base"],
            maintenance_counts=bool(data["maintenance_counts"]),
        )
    except (KeyError, TypeError, ValueError, ZeroDivisionError) as error:
        raise BadRules(f"règles illisibles : {error}") from None
    if not rules.spans or {rules.base, rules.guarantee_base} - set(BASES):
        raise BadRules("règles illisibles : horaires absents, ou base inconnue")
    return rules


def _span(item: Mapping[str, str]) -> Span:
    subdivision = "" if item["holidays"] == "national" else item["holidays"]
    week = tuple(windows(item[day]) for day in DAYS)
    return Span(dt.date.fromisoformat(item["from"]), week, subdivision)


_WINDOW = re.compile(r"(\d{1,2}):(\d\d)\s*-\s*(\d{1,2}):(\d\d)")


def windows(text: str) -> tuple[Window, ...]:
    """«09:00-12:00 14:00-19:00» → windows in order; «fermé» → none; a closing at 24:00 is midnight.

    Raises BadRules, in French.
    """
    if text.strip().lower() in {"", CLOSED, "ferme"}:
        return ()
    found = []
    for part in re.sub(r"\s*-\s*", "-", text).split():
        match = _WINDOW.fullmatch(part)
        if not match:
            raise BadRules(f"« {part} » : écrivez une plage comme 09:00-19:00, ou « {CLOSED} »")
        start_hour, start_minute, end_hour, end_minute = map(int, match.groups())
        if end_hour == 24 and end_minute == 0:  # noqa: PLR2004
            end_hour = 0
        try:
            opening = dt.time(start_hour, start_minute)
            closing = dt.time(end_hour, end_minute)
        except ValueError:
            raise BadRules(f"« {part} » : cette heure n'existe pas") from None
        if closing not in (MIDNIGHT, max(opening, closing)) or opening == closing:
            raise BadRules(f"« {part} » : la fin vient avant le début")
        found.append((opening, closing))
    for (_start, closing), (opening, _end) in pairwise(found):
        if closing == MIDNIGHT or opening < closing:
            raise BadRules(f"« {text} » : les plages se suivent, sans se recouvrir")
    return tuple(found)


def windows_text(found: Sequence[Window]) -> str:
    """The text that `windows` reads."""
    return " ".join(f"{start:%H:%M}-{_closing(end)}" for start, end in found) or CLOSED


def _closing(end: dt.time) -> str:
    return "24:00" if end == MIDNIGHT else f"{end:%H:%M}"
