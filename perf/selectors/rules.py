"""The rules in effect, from the regulatory parameters: one query, for one Client or for all."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property

from django.db.models import Count

from accounts.models import Organisation
from parameters.models import RegulatoryParameter
from parameters.rules.kinds import Value
from parameters.selectors import History, histories, value, value_in
from perf.engine.hours import FIRST_YEAR, Span, Week
from perf.engine.instants import MINUTE
from perf.engine.rules import Rules
from perf.engine.score import Scale, Step
from perf.enums import Period
from perf.rules import parameters as keys
from perf.rules.parameters import HOURS
from perf.rules.periods import MOMENT, ObservationPeriod, containing
from segur.lib import paris
from segur.lib.opening_hours import MIDNIGHT, windows

FIRST_DAY = dt.date(FIRST_YEAR, 1, 1)
LOCAL_DAYS = (keys.ALSACE_MOSELLE, keys.OVERSEAS)
SCALARS = (
    keys.LIMIT_ONE,
    keys.LIMIT_HALF,
    keys.BASE,
    keys.GTI,
    keys.GTR,
    keys.GUARANTEE_BASE,
    keys.MAINTENANCE,
)
ALL = (*HOURS, *LOCAL_DAYS, *SCALARS)
TERRITORIES: Mapping[str, tuple[str, str]] = {
    "57": (keys.ALSACE_MOSELLE, "57"),
    "67": (keys.ALSACE_MOSELLE, "6AE"),
    "68": (keys.ALSACE_MOSELLE, "6AE"),
    **dict.fromkeys(("9701", "971"), (keys.OVERSEAS, "971")),
    **dict.fromkeys(("9702", "972"), (keys.OVERSEAS, "972")),
    **dict.fromkeys(("9703", "973"), (keys.OVERSEAS, "973")),
    **dict.fromkeys(("9704", "974"), (keys.OVERSEAS, "974")),
    **dict.fromkeys(("9805", "976"), (keys.OVERSEAS, "976")),
}
"""How a FINESS begins → the parameter that closes the local days there, and their subdivision of
the `holidays` package. FINESS numbers its overseas territories 9701 to 9704 and 9805."""


@dataclass(frozen=True)
class ParkRules:
    """The rules at an instant for any number of Clients, their parameters being read."""

    instant: dt.datetime
    found: Mapping[str, History]
    known: dict[str, Rules] = field(default_factory=dict, compare=False, repr=False)

    def of(self, finess: str = "") -> Rules:
        """For the Client of that FINESS; without, as where no local day is closed."""
        switch, subdivision = next(
            (place for start, place in TERRITORIES.items() if finess.startswith(start)), ("", "")
        )
        if subdivision not in self.known:
            self.known[subdivision] = self._rules(switch, subdivision)
        return self.known[subdivision]

    def _rules(self, switch: str, subdivision: str) -> Rules:
        one, half, base, gti, gtr, guarantee_base, maintenance = (
            self._value(key, self.instant) for key in SCALARS
        )
        return Rules(
            spans=self._spans(switch, subdivision),
            scale=Scale(
                (Step(int(one) * MINUTE, Fraction(1)), Step(int(half) * MINUTE, Fraction(1, 2)))
            ),
            base=str(base),
            gti=int(gti) * MINUTE,
            gtr=int(gtr) * MINUTE,
            guarantee_base=str(guarantee_base),
            maintenance_counts=bool(maintenance),
        )

    def _spans(self, switch: str, subdivision: str) -> tuple[Span, ...]:
        """A span from each Paris day on which a version of the hours, or of the switch, starts."""
        watched = (*HOURS, *([switch] if switch else []))
        starts = {paris.day(start) for key in watched for start, _value in self.found[key]}
        spans: list[Span] = []
        for day in sorted({FIRST_DAY, *(start for start in starts if start > FIRST_DAY)}):
            last = paris.at(day + dt.timedelta(days=1), MIDNIGHT) - dt.timedelta(microseconds=1)
            local = subdivision if switch and self._value(switch, last) else ""
            span = Span(day, self._week(last), local)
            if not spans or (span.week, local) != (spans[-1].week, spans[-1].subdivision):
                spans.append(span)
        return tuple(spans)

    def _week(self, at: dt.datetime) -> Week:
        weekday, saturday, sunday = (windows(str(self._value(key, at))) for key in HOURS)
        return (*(weekday,) * 5, saturday, sunday)

    def _value(self, key: str, at: dt.datetime) -> Value:
        return value_in(self.found[key], key, at)


def park_rules(instant: dt.datetime) -> ParkRules:
    """One query, whatever the number of Clients asked for afterwards."""
    return ParkRules(instant, histories(ALL))


@dataclass(frozen=True)
class DatedRules:
    """The rules at any instant, their parameters being read: they are made once for all instants
    between two dates of effect."""

    found: Mapping[str, History]
    known: dict[int, ParkRules] = field(default_factory=dict, compare=False, repr=False)

    @cached_property
    def _starts(self) -> list[dt.datetime]:
        return sorted({start for history in self.found.values() for start, _value in history})

    def at(self, instant: dt.datetime) -> ParkRules:
        place = bisect_right(self._starts, instant)
        if place not in self.known:
            self.known[place] = ParkRules(instant, self.found)
        return self.known[place]


def dated_rules() -> DatedRules:
    """One query, whatever is asked for afterwards."""
    return DatedRules(histories(ALL))


def rules_at(instant: dt.datetime, *, client: Organisation | None = None) -> Rules:
    """The rules in effect: thresholds, bases, GTI, GTR and maintenance as at the instant; hours and
    holidays day by day, from every date of effect that is known. One query.
    """
    return park_rules(instant).of(client.finess if client else "")


@dataclass(frozen=True)
class PeriodRules:
    """The rules of each observation period, made once whatever the number of services."""

    kind: Period
    found: Mapping[str, History]
    now: dt.datetime
    known: dict[dt.datetime, ParkRules] = field(default_factory=dict, compare=False, repr=False)

    def periods(
        self, intervals: Iterable[tuple[dt.datetime, dt.datetime | None]]
    ) -> list[ObservationPeriod]:
        """Those that have begun and that an interval touches, in order; no end: until now."""
        found: dict[dt.datetime, ObservationPeriod] = {}
        for start, end in intervals:
            period = containing(start, self.kind)
            last = min(end or self.now, self.now)
            while period.start <= last:
                found[period.start] = period
                period = period.next
        return [found[start] for start in sorted(found)]

    def of(self, period: ObservationPeriod, finess: str) -> Rules:
        """As at the end of the period, or now while it lasts."""
        if period.start not in self.known:
            at = min(self.now, period.end - MOMENT)
            self.known[period.start] = ParkRules(at, self.found)
        return self.known[period.start].of(finess)


def period_rules(now: dt.datetime) -> PeriodRules:
    """Two queries, whatever the periods asked for afterwards."""
    return PeriodRules(period_kind(now), park_rules(now).found, now)


def rules_known() -> int:
    """How many lines the rules have, a retired one counting twice. A line is only added or retired:
    as long as this is the same, so are the rules, whatever their dates of effect."""
    known = RegulatoryParameter.objects.filter(key__in=ALL)
    lines, retired = known.aggregate(Count("pk"), Count("retired_at")).values()
    return int(lines + retired)


def period_kind(instant: dt.datetime) -> Period:
    """How long one observation period is, as in effect at the instant."""
    return Period(str(value(keys.PERIOD, at=instant)))
