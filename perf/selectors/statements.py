"""What a statement is made from, as it is at this moment; and the statements issued."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from accounts.models import User
from calendar_app.models import Prestation
from parameters.selectors import rows
from perf.display import words
from perf.models import Outage, OutageVersion, Service, Statement
from perf.querysets import StatementQuerySet
from perf.rules.figures import EngineOutage
from perf.rules.parameters import DOWNTIME, OPENING, PERF_MULTIPLIES
from perf.rules.periods import MOMENT, ObservationPeriod, containing
from perf.selectors.rules import period_kind, rules_at
from perf.selectors.situations import PerfSituation, measured_since, situation
from perf.statements.document import local
from segur.lib import paris

OFFERED = 3


@dataclass(frozen=True)
class Facts:
    """`at`: the instant whose rules they are; `other`: the same outages, explained with the base
    that these rules do not choose; `provisional`: why the figure may still move, a sentence each,
    empty when it may not.
    """

    at: dt.datetime
    situation: PerfSituation
    other: PerfSituation
    provisional: list[str]


def facts(service: Service, *, period: ObservationPeriod, now: dt.datetime) -> Facts:
    """By the rules in effect at the end of the period, or today while it lasts."""
    at = min(now, period.end - MOMENT)
    rules = rules_at(at, client=service.prestation.client)
    found, other = (
        situation(service, start=period.start, end=period.end, now=now, rules=chosen)
        for chosen in (rules, replace(rules, base=rules.other_base))
    )
    return Facts(at, found, other, list(_provisional(found, period, now)))


@dataclass(frozen=True)
class PeriodChoice:
    """A period of which a statement may be issued; `replaced`: the one that it would replace."""

    period: ObservationPeriod
    is_over: bool
    replaced: Statement | None

    @property
    def key(self) -> str:
        return paris.day(self.period.start).isoformat()

    @property
    def sentence(self) -> str:
        """What would be issued, shown before it is."""
        kind = "période terminée" if self.is_over else "période en cours, relevé provisoire"
        instead = f" ; remplacera {self.replaced.number}" if self.replaced else ""
        return f"{self.period.label.capitalize()} ({kind}{instead})"


def choices(service: Service, *, now: dt.datetime) -> list[PeriodChoice]:
    """The period of today and at most OFFERED before it, those in which something was measured."""
    period = containing(now, period_kind(now))
    found: list[PeriodChoice] = []
    since = measured_since(service)
    while len(found) <= OFFERED and period.end > since:
        replaced = newest(service.prestation, period=period)
        found.append(PeriodChoice(period, period.end <= now, replaced))
        period = period.previous
    return found


def seen(user: User) -> StatementQuerySet:
    return Statement.objects.visible_to(user).select_related(
        "prestation__client", "prestation__organisation", "replaces", "replaced_by"
    )


def newest(prestation: Prestation, *, period: ObservationPeriod) -> Statement | None:
    """The statement of the period that no other replaces."""
    return Statement.objects.filter(
        prestation=prestation,
        period_start=period.start,
        period_end=period.end,
        replaced_by=None,
    ).first()


def subject(service: Service) -> dict[str, Any]:
    """The prestation as it is named today."""
    prestation = service.prestation
    solution = prestation.supplier.solution
    return {
        "dispositif": prestation.dispositif.code,
        "client": prestation.client.name,
        "finess": prestation.client.finess,
        "city": prestation.client.city,
        "solution": str(solution),
        "editeur": solution.organisation.name,
        "fournisseur": prestation.organisation.name,
        "order_reference": prestation.order_reference,
        "service": service.code,
        "followed_since": local(measured_since(service)),
    }


def details(found: PerfSituation) -> list[dict[str, Any]]:
    """Each outage of the situation with what every source says of it and what was decided."""
    versions = defaultdict(list)
    outages = [line.outage for line in found.lines]
    for version in OutageVersion.objects.filter(outage__in=outages):
        versions[version.outage_id].append(version)
    return [
        _detail(line.outage, line.explained.outage, versions[line.outage.pk])
        for line in found.lines
    ]


def to_confirm(*, at: dt.datetime) -> list[dict[str, str]]:
    """The parameters of D_f that no published text gives, with the value used and its source. What
    PERF multiplies in the portfolio is none: no figure of a statement follows from it.
    """
    return [
        {"label": row.parameter.label, "value": row.shown, "source": row.source}
        for row in rows(at=at)
        if row.parameter.group in (OPENING, DOWNTIME)
        and row.parameter.key != PERF_MULTIPLIES
        and not row.is_confirmed
    ]


def _provisional(
    found: PerfSituation, period: ObservationPeriod, now: dt.datetime
) -> Iterator[str]:
    if now < period.end:
        last = paris.long_day(paris.last_day(period.end))
        coming = "d'autres indisponibilités peuvent survenir"
        yield f"La période d'observation dure jusqu'au {last} : {coming}."
    lasting = [line.outage.pk for line in found.ongoing]
    if lasting:
        numbers = ", ".join(f"n° {number}" for number in lasting)
        yield (
            f"Un arrêt est en cours ({numbers}) : il est compté jusqu'à l'instant du relevé."
            if len(lasting) == 1
            else f"Des arrêts sont en cours ({numbers}) : ils sont comptés jusqu'à l'instant "
            "du relevé."
        )


def _detail(
    outage: Outage, measured: EngineOutage | None, versions: Sequence[OutageVersion]
) -> dict[str, Any]:
    left_out = measured.left_out if measured else None
    return {
        "number": outage.pk,
        "nature": outage.get_nature_display(),
        "standing": outage.get_standing_display(),
        "start": local(outage.started_at),
        "end": local(outage.ended_at) if outage.ended_at else None,
        "left_out": words.SENTENCES[left_out] if left_out else "",
        "journal": list(_journal(outage)),
        "versions": [_version(version, outage) for version in versions],
    }


def _journal(outage: Outage) -> Iterator[str]:
    """The contestation and the decision, each in a sentence."""
    if outage.contested_at:
        day = paris.minute(outage.contested_at)
        yield f"Contestée le {day} par {outage.contested_by_name} : {outage.contest_reason}"
    if outage.decided_at:
        day, word = paris.minute(outage.decided_at), outage.get_standing_display()
        yield f"{word}, décision du {day} par {outage.decided_by_name} : {outage.decision_reason}"


def _version(version: OutageVersion, outage: Outage) -> dict[str, Any]:
    return {
        "source": version.get_source_display(),
        "reference": version.reference,
        "start": local(version.started_at),
        "end": local(version.ended_at) if version.ended_at else None,
        "cause": version.cause,
        "counts": version.pk == outage.counting_id,
        "recorded_by": version.recorded_by_name,
        "recorded_at": local(version.recorded_at),
    }
