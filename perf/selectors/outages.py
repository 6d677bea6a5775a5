"""The page of an outage: what each source says of it, what it changes, what happened to it."""

from __future__ import annotations

import copy
import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from accounts.models import User
from documents.selectors import file_lines
from journal.models import Entry
from perf.display import words
from perf.engine.instants import to_us
from perf.enums import OutageStanding
from perf.models import Outage, OutageVersion
from perf.permissions import can_merge, can_record, sources_of
from perf.rules import periods
from perf.rules.figures import Explained, Figure
from perf.rules.periods import ObservationPeriod
from perf.rules.simulation import figure
from perf.rules.workflow import MERGE
from perf.selectors.outage_history import Since, supervision_since
from perf.selectors.rules import period_kind, rules_at
from perf.selectors.situations import situation, to_engine

MEANINGS = {
    OutageStanding.UNCONTESTED: "neutral",
    OutageStanding.CONTESTED: "soon",
    OutageStanding.RETAINED: "done",
    OutageStanding.NOT_RETAINED: "done",
}


def outages_seen(user: User) -> QuerySet[Outage]:
    return Outage.objects.visible_to(user).select_related(
        "counting",
        "service__prestation__client",
        "service__prestation__dispositif",
        "service__prestation__organisation",
        "service__prestation__supplier__solution__organisation",
    )


def leads_to(pk: int, user: User) -> int | None:
    """Where the number of an outage that was merged into another leads: to the outage, that one or
    another since separated from it, of the version that counted in it. None: it was not merged.
    """
    merging = Entry.objects.of(Outage(pk=pk)).filter(act=MERGE, after__merged=pk).first()
    if merging is None:
        return None
    counted = OutageVersion.objects.visible_to(user).filter(pk=merging.after["counted"])
    return counted.values_list("outage_id", flat=True).first()


@dataclass(frozen=True)
class VersionLine:
    """`later`: what it says now came after the decision, which does not take it up; `since`: nor
    does the version take up what its source states. `may_separate`: it can become an outage of its
    own.
    """

    version: OutageVersion
    counts: bool
    later: bool
    since: Since | None
    may_edit: bool
    may_separate: bool

    @property
    def length(self) -> int | None:
        end = self.version.ended_at
        return to_us(end) - to_us(self.version.started_at) if end else None


def version_lines(outage: Outage, user: User) -> list[VersionLine]:
    """Side by side, in the order in which they came."""
    prestation = outage.service.prestation
    sources = sources_of(user) if can_record(user, prestation) else ()
    versions = list(outage.versions.all())
    may_separate = len(versions) > 1 and can_merge(user, prestation)
    is_free = outage.standing == OutageStanding.UNCONTESTED
    since = supervision_since(versions)
    return [
        VersionLine(
            version=version,
            counts=version.pk == outage.counting_id,
            later=bool(
                outage.decided_at
                and (version.updated_at or version.recorded_at) > outage.decided_at
            ),
            since=since.get(version.pk),
            may_edit=version.source in sources,
            may_separate=may_separate and (is_free or version.pk != outage.counting_id),
        )
        for version in versions
    ]


@dataclass(frozen=True)
class OutageEffect:
    """What the outage does to D_f of the observation period in which it begins."""

    period: ObservationPeriod
    explained: Explained | None
    with_it: Figure
    without: Figure
    base: str
    maintenance_counts: bool

    @property
    def added(self) -> int:
        return self.with_it.counted - self.without.counted


def effect(outage: Outage, *, now: dt.datetime) -> OutageEffect:
    """By the rules in effect now, in two queries besides theirs."""
    period = periods.containing(outage.started_at, period_kind(now))
    rules = rules_at(now, client=outage.service.prestation.client)
    found = situation(outage.service, start=period.start, end=period.end, now=now, rules=rules)
    own = next((line for line in found.lines if line.outage.pk == outage.pk), None)
    others = [line.explained.outage for line in found.lines if line is not own]
    without = figure(
        [other for other in others if other],
        start=period.start,
        end=period.end,
        now=now,
        rules=rules,
    )
    return OutageEffect(
        period=period,
        explained=own.explained if own else None,
        with_it=found.figure,
        without=without,
        base=words.READINGS[rules.base],
        maintenance_counts=rules.maintenance_counts,
    )


@dataclass(frozen=True)
class Choice:
    """What D_f and PERF would be by one decision of the ANS."""

    label: str
    figure: Figure


def choices(outage: Outage, *, now: dt.datetime) -> tuple[ObservationPeriod, list[Choice]]:
    """Each decision that the ANS may take, measured in the period in which the outage begins now,
    by the rules in effect now. Two queries besides theirs, and one for the versions.
    """
    period = periods.containing(outage.started_at, period_kind(now))
    rules = rules_at(now, client=outage.service.prestation.client)
    touching = Q(ended_at=None) | Q(ended_at__gt=period.start) | Q(started_at__gte=period.start)
    rows = Outage.objects.filter(touching, service=outage.service_id, started_at__lt=period.end)
    others = [to_engine(row, rules) for row in rows.exclude(pk=outage.pk)]

    def measured(row: Outage) -> Figure:
        found = [*others, to_engine(row, rules)]
        return figure(found, start=period.start, end=period.end, now=now, rules=rules)

    retained = [
        Choice(f"Si la version {version} est retenue", measured(_retained(outage, version)))
        for version in outage.versions.all()
    ]
    set_aside = copy.copy(outage)
    set_aside.standing = OutageStanding.NOT_RETAINED
    return period, [*retained, Choice("Si rien n'est retenu", measured(set_aside))]


def _retained(outage: Outage, version: OutageVersion) -> Outage:
    row = copy.copy(outage)
    row.count(version)
    row.standing = OutageStanding.RETAINED
    return row


def overlapping(outage: Outage) -> QuerySet[Outage]:
    """Others of the service that last at the same time: perhaps the same incident."""
    found = Outage.objects.filter(
        Q(ended_at=None) | Q(ended_at__gt=outage.started_at), service=outage.service_id
    ).exclude(pk=outage.pk)
    if outage.ended_at:
        found = found.filter(started_at__lt=outage.ended_at)
    return found.select_related("counting").order_by("started_at", "pk")


def proof_lines(outage: Outage) -> list[dict[str, Any]]:
    """Entries of `components/_file_line.html`."""
    return file_lines(outage.proofs.all(), "perf:outage_proof")
