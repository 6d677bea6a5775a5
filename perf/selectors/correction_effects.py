"""What a correction that waits for the ANS would change today, computed and not written: other acts
may have changed D_f since it was asked.
"""

from __future__ import annotations

import copy
import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from perf.enums import CorrectionAct, OutageStanding
from perf.models import Correction, Outage, OutageVersion
from perf.selectors.corrections import values_of
from perf.selectors.rules import PeriodRules, period_rules
from perf.selectors.weighing import Fall, Neighbours, Pair, Weighing, ans_ends

Pairs = list[Pair]


@dataclass(frozen=True)
class CorrectionEffect:
    """`is_possible`: what was asked can still be done; `fall`: D_f and PERF without it and with it,
    None where it lowers nothing by itself: another outage may cover the same hours.
    """

    is_possible: bool
    fall: Fall | None


@dataclass(frozen=True)
class _Stored:
    """What is known of one service now, by number."""

    outages: dict[int, Outage]
    versions: dict[int, OutageVersion]

    def of(self, outage: Outage, *, without: int = 0) -> list[OutageVersion]:
        return [
            row
            for row in self.versions.values()
            if row.outage_id == outage.pk and row.pk != without
        ]


def correction_effects(
    corrections: Sequence[Correction], now: dt.datetime
) -> dict[int, CorrectionEffect]:
    """Of each, by its number: five queries, whatever how many. They come with their service, its
    prestation and Client."""
    if not corrections:
        return {}
    stored = _stored({row.service_id for row in corrections})
    ends = ans_ends(pk for service in stored.values() for pk in service.outages)
    rules = period_rules(now)
    return {row.pk: _effect(row, stored[row.service_id], ends, rules) for row in corrections}


def _stored(services: set[int]) -> dict[int, _Stored]:
    found: dict[int, _Stored] = defaultdict(lambda: _Stored({}, {}))
    for outage in Outage.objects.filter(service__in=services):
        found[outage.service_id].outages[outage.pk] = outage
    for version in OutageVersion.objects.filter(service__in=services):
        found[version.service_id].versions[version.pk] = version
    return found


def _effect(
    row: Correction,
    stored: _Stored,
    ends: Mapping[int, Sequence[dt.datetime | None]],
    rules: PeriodRules,
) -> CorrectionEffect:
    pairs = PAIRS[CorrectionAct(row.act)](row, stored)
    if pairs is None:
        return CorrectionEffect(is_possible=False, fall=None)
    counted = list(stored.outages.values())
    touched = {before.pk for before, _after in pairs if before}
    others = [outage for outage in counted if outage.pk not in touched]
    weighing = Weighing(row.service, rules, counted, Neighbours(others, rules.now), ends)
    return CorrectionEffect(is_possible=True, fall=weighing.fall(pairs))


def _revised(row: Correction, stored: _Stored) -> Pairs | None:
    asked = values_of(row.values)
    key = asked["source"], asked["reference"]
    matching = (one for one in stored.versions.values() if (one.source, one.reference) == key)
    version = copy.copy(next(matching, None))
    if version is None:
        return None
    before = stored.outages[version.outage_id]
    if before.counting_id != version.pk:
        return []
    version.started_at, version.ended_at = asked["started_at"], asked["ended_at"]
    after = copy.copy(before)
    if not before.decided_at:
        after.nature = asked["nature"]
    after.follow(version)
    return [(before, after)]


def _merged(row: Correction, stored: _Stored) -> Pairs | None:
    kept, gone = (stored.outages.get(row.values[name]) for name in ("kept", "gone"))
    if kept is None or gone is None or kept.pk == gone.pk or not kept.overlaps(gone):
        return None
    if gone.standing != OutageStanding.UNCONTESTED or kept.nature != gone.nature:
        return None
    return [(kept, _counted_again(kept, [*stored.of(kept), *stored.of(gone)])), (gone, None)]


def _separated(row: Correction, stored: _Stored) -> Pairs | None:
    version = stored.versions.get(row.values["version"])
    if version is None:
        return None
    kept = stored.outages[version.outage_id]
    left = stored.of(kept, without=version.pk)
    counts = kept.standing != OutageStanding.UNCONTESTED and kept.counting_id == version.pk
    if not left or counts:
        return None
    new = Outage(service=row.service, nature=kept.nature)
    new.count(version)
    return [(kept, _counted_again(kept, left)), (None, new)]


def _counted_again(outage: Outage, versions: Sequence[OutageVersion]) -> Outage:
    """With the versions that it would have, what two sources say being nobody's slip."""
    after = copy.copy(outage)
    after.slip_until, after.end_is_free = None, False
    if after.standing == OutageStanding.UNCONTESTED:
        after.count(after.first_of(versions))
    return after


PAIRS = {
    CorrectionAct.RECORD: _revised,
    CorrectionAct.MERGE: _merged,
    CorrectionAct.SEPARATE: _separated,
}
"""What each act would change; None where it can no longer be done."""
