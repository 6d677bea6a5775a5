"""Where a prestation stands in an observation period: one read of its outages, then the engine.

The same computation serves the page, the statement and the simulator:
`perf.rules.simulation.simulate`.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Count, Min, Q

from perf.engine.explain import Why
from perf.engine.instants import Interval, to_us
from perf.engine.rules import Rules
from perf.enums import OutageNature, OutageStanding
from perf.models import Outage, Service
from perf.rules.figures import EngineOutage, Explained, Figure, Reading, Simulation
from perf.rules.periods import ObservationPeriod
from perf.rules.simulation import figure, simulate
from segur.lib import paris


@dataclass(frozen=True)
class SituationLine:
    """An outage and what the rules make of it."""

    outage: Outage
    explained: Explained

    @property
    def counts(self) -> bool:
        return self.explained.outage is not None and self.explained.outage.left_out is None


@dataclass(frozen=True)
class PerfSituation:
    """`lines`: the outages that touch the period, by their beginning; `since`: before it nobody was
    measuring, and no outage means nothing.
    """

    service: Service
    simulation: Simulation
    lines: list[SituationLine]
    since: dt.datetime

    @property
    def in_force(self) -> Reading:
        """The reading that the rules choose; its base is to be confirmed (DOMAIN §9)."""
        return self.simulation.in_force

    @property
    def figure(self) -> Figure:
        """D_f and PERF by the rules in force, contested outages included."""
        return self.in_force.before

    @property
    def is_spent(self) -> bool:
        """The last threshold is passed: nothing is left to lose."""
        return self.figure.left[-1] < 0

    @property
    def ongoing(self) -> list[SituationLine]:
        """What lasts and counts, an announced end being still to come: PERF may still fall."""
        now = self.simulation.now
        return [line for line in self.lines if line.counts and line.outage.lasts_at(now)]

    @property
    def contested(self) -> list[SituationLine]:
        return [line for line in self.lines if line.outage.standing == OutageStanding.CONTESTED]


def situation(
    service: Service, *, start: dt.datetime, end: dt.datetime, now: dt.datetime, rules: Rules
) -> PerfSituation:
    """D_f and PERF of [start, end) as known at `now`, in two queries. Raises OutOfRange."""
    (found,) = situations([(service, rules)], start=start, end=end, now=now)
    return found


def situations(
    services: Sequence[tuple[Service, Rules]],
    *,
    start: dt.datetime,
    end: dt.datetime,
    now: dt.datetime,
) -> list[PerfSituation]:
    """Those of many services, each by the rules of its Client, in their order and in two queries
    as well."""
    touching = Q(ended_at=None) | Q(ended_at__gt=start) | Q(started_at__gte=start)
    rows = (
        Outage.objects.filter(touching, service__in=[one for one, _ in services])
        .filter(started_at__lt=end)
        .select_related("counting")
        .annotate(version_count=Count("versions"))
        .order_by("started_at", "pk")
    )
    outages: dict[int, list[Outage]] = defaultdict(list)
    for row in rows:
        outages[row.service_id].append(row)
    since = _measured_since([service for service, _ in services])
    period = Interval(to_us(start), to_us(end))
    until = min(max(to_us(now), period.start), period.end)
    found = []
    for service, rules in services:
        own = outages[service.pk]
        simulation = simulate(
            [to_engine(row, rules) for row in own],
            planned=None,
            period=period,
            now=now,
            rules=rules,
            until=until,
        )
        lines = [SituationLine(*pair) for pair in zip(own, simulation.outages, strict=True)]
        found.append(PerfSituation(service, simulation, lines, since[service.pk]))
    return found


def figure_of(
    outages: Iterable[Outage], period: ObservationPeriod, *, now: dt.datetime, rules: Rules
) -> Figure:
    """D_f and PERF of a period that these outages of a service would give, saved or not."""
    touching = [
        to_engine(row, rules)
        for row in outages
        if row.started_at < period.end and (row.ended_at is None or row.ended_at > period.start)
    ]
    return figure(touching, start=period.start, end=period.end, now=now, rules=rules)


NOT_BEGUN = "Cette période n'a pas commencé : rien n'y est encore mesuré."
NOT_FOLLOWED = (
    "Le service n'est suivi que depuis le {since} : rien n'a été mesuré dans cette période, et "
    "l'absence d'indisponibilité connue ne prouve rien."
)


def unmeasured(since: dt.datetime, period: ObservationPeriod, now: dt.datetime) -> str:
    """Why the period has no D_f and no PERF, in a sentence; "" when it has. `since`: as
    `measured_since` says.
    """
    if period.start >= now:
        return NOT_BEGUN
    if period.end <= since:
        return NOT_FOLLOWED.format(since=paris.minute(since))
    return ""


def measured_since(service: Service) -> dt.datetime:
    """Before it, no outage recorded means nothing: nobody was looking."""
    return _measured_since([service])[service.pk]


def _measured_since(services: Sequence[Service]) -> dict[int, dt.datetime]:
    rows = Outage.objects.filter(service__in=services).values("service").order_by("service")
    first = dict(rows.values_list("service", Min("started_at")))
    return {one.pk: min(one.created_at, first.get(one.pk, one.created_at)) for one in services}


def to_engine(outage: Outage, rules: Rules) -> EngineOutage:
    """Converts an outage into the engine's input; the same choice as `OutageQuerySet.counting`."""
    left_out = None
    if outage.standing == OutageStanding.NOT_RETAINED:
        left_out = Why.NOT_RETAINED
    elif outage.nature == OutageNature.UNMEASURED:
        left_out = Why.UNMEASURED
    elif outage.nature == OutageNature.MAINTENANCE and not rules.maintenance_counts:
        left_out = Why.MAINTENANCE
    return EngineOutage(
        title=outage.title,
        name=f"la {outage.name}",
        start=outage.started_at,
        end=outage.ended_at,
        left_out=left_out,
        is_contested=outage.standing == OutageStanding.CONTESTED,
    )
