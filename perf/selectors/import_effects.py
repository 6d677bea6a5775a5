"""What a file of outages would make of D_f and PERF: computed as the page of a prestation does, and
not written.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from perf.models import Outage, Service
from perf.rules.figures import Figure
from perf.rules.periods import ObservationPeriod
from perf.selectors.rules import PeriodRules, period_rules
from perf.selectors.situations import figure_of, unmeasured


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
    clock = period_rules(now)
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


def _of(
    service: Service, before: Sequence[Outage], proposed: Sequence[Outage], clock: PeriodRules
) -> Iterator[ImportEffect]:
    changed = {outage.pk: outage for outage in proposed if outage.pk}
    new = [outage for outage in proposed if not outage.pk]
    after = [*(changed.get(outage.pk, outage) for outage in before), *new]
    touched = [*proposed, *(outage for outage in before if outage.pk in changed)]
    for period in clock.periods((row.started_at, row.ended_at) for row in touched):
        figures = (_figure(service, outages, period, clock) for outages in (before, after))
        yield ImportEffect(service, period, *figures)


def _figure(
    service: Service, outages: Sequence[Outage], period: ObservationPeriod, clock: PeriodRules
) -> Figure | None:
    since = min([service.created_at, *(outage.started_at for outage in outages)])
    if unmeasured(since, period, clock.now):
        return None
    rules = clock.of(period, service.prestation.client.finess)
    return figure_of(outages, period, now=clock.now, rules=rules)
