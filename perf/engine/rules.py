"""The rules that turn outages into a score, as one value that can be exported and read again.

DOMAIN §4 and §9: hours, holidays, thresholds, GTI and GTR, base, maintenance. Hours and holidays
hold day by day; the rest is what was in effect when the rules were drawn up.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import Any

from perf.engine.errors import BadRules
from perf.engine.guarantees import GTI, GTR
from perf.engine.hours import (
    FIRST_YEAR,
    LAST_YEAR,
    SATURDAY,
    WEEKDAY,
    AllTime,
    Clock,
    DatedHours,
    OpenTime,
    Span,
    Week,
)
from perf.engine.score import OFFICIAL, Scale, Step
from segur.lib.national_holidays import national_holidays
from segur.lib.opening_hours import windows, windows_text
from segur.lib.paris import WEEKDAYS

OUVRABLE, CONTINU = "ouvrable", "continu"
BASES = (OUVRABLE, CONTINU)


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

    def opening(self, base: str) -> OpenTime | None:
        """None for the «continue» base, which never closes."""
        return self.open_time if base == OUVRABLE else None

    def clock(self, base: str) -> Clock:
        return self.opening(base) or AllTime()

    @property
    def other_base(self) -> str:
        return CONTINU if self.base == OUVRABLE else OUVRABLE

    @property
    def guarantee_clock(self) -> Clock:
        return self.clock(self.guarantee_base)

    def as_json(self) -> dict[str, Any]:
        """Plain values, from which `from_json` makes the same rules."""
        return {
            "hours": [
                {
                    "from": span.start.isoformat(),
                    **dict(zip(WEEKDAYS, map(windows_text, span.week), strict=True)),
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
            maintenance_counts=data["maintenance_counts"],
        )
        _refuse_senseless(rules)
    except (
        AttributeError,
        KeyError,
        NotImplementedError,
        OverflowError,
        TypeError,
        ValueError,
        ZeroDivisionError,
    ) as error:
        raise BadRules(f"règles illisibles : {error}") from None
    return rules


def _refuse_senseless(rules: Rules) -> None:
    """Raises ValueError, and NotImplementedError for a subdivision without a calendar."""
    limits = [step.limit for step in rules.scale.steps]
    starts = [span.start for span in rules.spans]
    if not starts or starts != sorted(starts):
        raise ValueError("horaires absents, ou pas dans l'ordre de leurs dates")
    if not limits or limits != sorted(limits) or min(*limits, rules.gti, rules.gtr) < 0:
        raise ValueError("seuils absents, ou pas dans l'ordre, ou durée négative")
    if not isinstance(rules.maintenance_counts, bool):
        raise TypeError("maintenance_counts : true ou false")
    if not {rules.base, rules.guarantee_base} <= set(BASES):
        raise ValueError(f"base : « {OUVRABLE} » ou « {CONTINU} »")
    for span in rules.spans:
        national_holidays(FIRST_YEAR, span.subdivision)


def _span(item: Mapping[str, str]) -> Span:
    subdivision = "" if item["holidays"] == "national" else item["holidays"]
    week = tuple(windows(item[day]) for day in WEEKDAYS)
    return Span(dt.date.fromisoformat(item["from"]), week, subdivision)
