"""Whether an act lowers the counted time D_f: what counted before and after, measured alike.

Measured in every observation period that the act touches, in both counting bases, with maintenance
as the rules count it and without: a parameter changed later finds nothing lowered. Measured twice:
with all outages, and with those alone that no slip and no first end can lower any more; otherwise
an outage recorded for that purpose would cover the time taken from another, and go afterwards.
"""

from __future__ import annotations

import copy
import datetime as dt
from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import accumulate, product

from perf.engine.rules import Rules
from perf.enums import OutageNature, Source
from perf.models import Outage, OutageVersion, Service
from perf.rules.figures import Figure
from perf.rules.periods import ObservationPeriod
from perf.selectors.rules import PeriodRules
from perf.selectors.situations import figure_of

Pair = tuple[Outage | None, Outage | None]
"""An outage before the act and after it; None where it did not exist, or no longer does."""


@dataclass(frozen=True)
class Fall:
    """D_f and PERF of a period that an act would lower, by the rules in force."""

    period: ObservationPeriod
    before: Figure
    after: Figure


def holds(before: Outage | None, after: Outage | None, now: dt.datetime) -> bool:
    """Everything that counted still does, whatever the rules."""
    if before is None:
        return True
    return (
        after is not None
        and (after.nature, after.standing) == (before.nature, before.standing)
        and after.started_at <= before.started_at
        and (after.ended_at is None or (before.ended_at or now) <= after.ended_at)
        and (before.ended_at is not None or after.ended_at is None)
        and after.is_loose(now) <= before.is_loose(now)
    )


class Neighbours:
    """Outages of a service by their beginning, to find those that touch an interval."""

    def __init__(self, outages: Iterable[Outage], now: dt.datetime) -> None:
        self.now = now
        self.rows = sorted(outages, key=lambda row: row.started_at)
        self.starts = [row.started_at for row in self.rows]
        self.latest = list(accumulate((row.ended_at or now for row in self.rows), max))

    def of(self, rows: Sequence[Outage]) -> list[Outage]:
        start = min(row.started_at for row in rows)
        end = max(row.ended_at or self.now for row in rows)
        first = bisect_left(self.latest, start)
        return self.rows[first : bisect_left(self.starts, end)]


@dataclass(frozen=True)
class Weighing:
    """Of the outages of one service. `counted`: all of them, before the act; `others`: those that
    it leaves alone; `ans_ends`: of an outage, until when the ANS's versions of it say that it
    lasted (None: it does).
    """

    service: Service
    rules: PeriodRules
    counted: Sequence[Outage]
    others: Neighbours
    ans_ends: Mapping[int, Sequence[dt.datetime | None]]
    totals: dict[dt.datetime, Figure] = field(default_factory=dict)

    def fall(self, pairs: Sequence[Pair], slips: Collection[int] = ()) -> Fall | None:
        """What the act lowers, None when it lowers nothing. `slips`: numbers of the outages that
        their author corrects in time."""
        free = [pair for pair in pairs if not any(row and row.pk in slips for row in pair)]
        everything = [(self._cut(before, after), after) for before, after in free]
        steady = [(self._steady(before), self._steady(after)) for before, after in pairs]
        return self._lower(everything, self.others) or self._lower(steady, self._steady_others)

    @cached_property
    def _steady_others(self) -> Neighbours:
        now = self.rules.now
        return Neighbours([row for row in self.others.rows if not row.is_loose(now)], now)

    def _cut(self, before: Outage | None, after: Outage | None) -> Outage | None:
        """What lasts is cut at the first end that a party gives, unless the ANS says that it lasted
        longer."""
        end = after.ended_at if after else None
        if before is None or end is None or before.ended_at or not before.end_is_free:
            return before
        if any(one is None or one > end for one in self.ans_ends.get(before.pk, ())):
            return before
        row = copy.copy(before)
        row.ended_at = max(end, before.started_at)
        return row

    def _steady(self, row: Outage | None) -> Outage | None:
        """What no slip can lower any more; of an end still free, what the ANS says."""
        now = self.rules.now
        if row is None or not row.is_loose(now):
            return row
        if row.is_young(now) or not (known := self.ans_ends.get(row.pk)):
            return None
        row = copy.copy(row)
        row.ended_at = max(row.started_at, *(end or now for end in known))
        return row

    def _lower(self, pairs: Sequence[Pair], others: Neighbours) -> Fall | None:
        before = [row for row, _ in pairs if row]
        after = [row for _, row in pairs if row]
        if not before:
            return None
        rows = [*before, *after]
        beside = others.of(rows)
        for period in self.rules.periods((row.started_at, row.ended_at) for row in rows):
            rules = self.rules.of(period, self.service.prestation.client.finess)
            for reading in _readings(rules, [*rows, *beside]):
                was = self._figure([*before, *beside], period, reading)
                will = self._figure([*after, *beside], period, reading)
                if will.counted < was.counted:
                    return self._fall(before, after, period, rules)
        return None

    def _fall(
        self, before: list[Outage], after: list[Outage], period: ObservationPeriod, rules: Rules
    ) -> Fall:
        """Both figures of the whole period: what changes is measured among its neighbours."""
        if period.start not in self.totals:
            self.totals[period.start] = self._figure(self.counted, period, rules)
        total, beside = self.totals[period.start], self.others.of([*before, *after])
        was, will = (self._figure([*rows, *beside], period, rules) for rows in (before, after))
        return Fall(
            period, total, replace(total, counted=total.counted + will.counted - was.counted)
        )

    def _figure(self, rows: Iterable[Outage], period: ObservationPeriod, rules: Rules) -> Figure:
        return figure_of(rows, period, now=self.rules.now, rules=rules)


def _readings(rules: Rules, rows: Iterable[Outage]) -> Iterator[Rules]:
    """The reading in force first, then those that another parameter would choose."""
    has_maintenance = any(row.nature == OutageNature.MAINTENANCE for row in rows)
    ways = [rules.maintenance_counts]
    if has_maintenance and rules.maintenance_counts:
        ways.append(False)
    for base, counts in product((rules.base, rules.other_base), ways):
        yield replace(rules, base=base, maintenance_counts=counts)


def ans_ends(outages: Iterable[int]) -> dict[int, list[dt.datetime | None]]:
    """One query, whatever their number."""
    found: dict[int, list[dt.datetime | None]] = {}
    versions = OutageVersion.objects.filter(source=Source.ANS, outage__in=list(outages))
    for number, end in versions.values_list("outage_id", "ended_at"):
        found.setdefault(number, []).append(end)
    return found
