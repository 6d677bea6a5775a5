"""What a file of outages would make of D_f and PERF: computed as the page of a prestation does, and
not written.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from parameters.selectors import History
from perf.engine.rules import Rules
from perf.enums import Period
from perf.models import Outage, Service
from perf.rules.figures import Figure
from perf.rules.periods import MOMENT, ObservationPeriod, containing
from perf.rules.simulation import figure
from perf.selectors.rules import ParkRules, park_rules, period_kind
from perf.selectors.situations import told, unmeasured


@dataclass(frozen=True)
class ImportEffect:
    """D_f of a service in a period, without the file and with it; None where nothing is measured:
    before the service is followed."""

    service: Service
    period: ObservationPeriod
    before: Figure | None
    after: Figure | None

    @property
    def changes(self) -> bool:
        return self.before != self.after

    @property
    def falls(self) -> bool:
        return bool(self.before and self.after and self.after.perf < self.before.perf)

    @property
    def rank(self) -> tuple[int, int, str, dt.datetime]:
        """PERF that falls, then that rises, then the largest changes of D_f."""
        counted = [found.counted if found else 0 for found in (self.before, self.after)]
        scores = [found.perf if found else None for found in (self.before, self.after)]
        kind = 0 if self.falls else 1 if scores[0] != scores[1] else 2
        client = self.service.prestation.client.name
        return kind, -abs(counted[1] - counted[0]), client, self.period.start


def import_effects(outages: Sequence[Outage], *, now: dt.datetime) -> list[ImportEffect]:
    """Of each service and period in which an outage changes, what changes most first.

    `outages`: those that would be new or changed, with the values that they would have. Four
    queries, whatever their number.
    """
    clock = _Clock(period_kind(now), park_rules(now).found, now)
    proposed = {pk: list(rows) for pk, rows in _by_service(outages)}
    services = Service.objects.filter(pk__in=proposed).select_related("prestation__client")
    known = Outage.objects.filter(service__in=proposed)
    before = {pk: list(rows) for pk, rows in _by_service(known)}
    found = [
        effect
        for service in services
        for effect in _of(service, before.get(service.pk, []), proposed[service.pk], clock)
    ]
    return sorted(found, key=lambda effect: effect.rank)


def _by_service(outages: Iterable[Outage]) -> Iterator[tuple[int, Iterator[Outage]]]:
    ordered = sorted(outages, key=lambda outage: outage.service_id)
    return groupby(ordered, key=lambda outage: outage.service_id)


@dataclass(frozen=True)
class _Clock:
    """`rules`: those of each period, made once whatever the number of services."""

    kind: Period
    found: Mapping[str, History]
    now: dt.datetime
    rules: dict[dt.datetime, ParkRules] = field(default_factory=dict)

    def periods(self, outages: Iterable[Outage]) -> list[ObservationPeriod]:
        """Those that have begun and that an outage touches, in order."""
        found: dict[dt.datetime, ObservationPeriod] = {}
        for outage in outages:
            period = containing(outage.started_at, self.kind)
            last = min(outage.ended_at or self.now, self.now)
            while period.start <= last:
                found[period.start] = period
                period = period.next
        return [found[start] for start in sorted(found)]

    def rules_of(self, service: Service, period: ObservationPeriod) -> Rules:
        """As at the end of the period, or now while it lasts."""
        if period.start not in self.rules:
            at = min(self.now, period.end - MOMENT)
            self.rules[period.start] = ParkRules(at, self.found)
        return self.rules[period.start].of(service.prestation.client.finess)


def _of(
    service: Service, before: Sequence[Outage], proposed: Sequence[Outage], clock: _Clock
) -> Iterator[ImportEffect]:
    changed = {outage.pk: outage for outage in proposed if outage.pk}
    new = [outage for outage in proposed if not outage.pk]
    after = [*(changed.get(outage.pk, outage) for outage in before), *new]
    touched = [*proposed, *(outage for outage in before if outage.pk in changed)]
    for period in clock.periods(touched):
        figures = (_figure(service, outages, period, clock) for outages in (before, after))
        yield ImportEffect(service, period, *figures)


def _figure(
    service: Service, outages: Sequence[Outage], period: ObservationPeriod, clock: _Clock
) -> Figure | None:
    since = min([service.created_at, *(outage.started_at for outage in outages)])
    if unmeasured(since, period, clock.now):
        return None
    rules = clock.rules_of(service, period)
    touching = [
        told(outage, rules)
        for outage in outages
        if outage.started_at < period.end
        and (outage.ended_at is None or outage.ended_at > period.start)
    ]
    return figure(touching, start=period.start, end=period.end, now=clock.now, rules=rules)
