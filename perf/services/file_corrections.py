"""The lines of a file that would lower D_f: each is weighed, none counts before the ANS decides."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from itertools import groupby

from journal.rules.by import By
from journal.services.entries import write
from perf.models import Correction, Outage, OutageVersion
from perf.rules.workflow import PROPOSE_FILE
from perf.selectors.rules import PeriodRules, period_rules
from perf.selectors.weighing import Fall, Neighbours, Pair, Weighing, ans_ends, holds
from perf.services.asked import revision_asked, target_of
from perf.services.entries import Revision
from perf.services.proposals import PROPOSED, correction_of, note_of, replace, slips_of

BATCH = 500


def corrections_of(
    revisions: Iterable[Revision], party: Collection[int], by: By
) -> dict[int, Correction]:
    """Version → correction, not saved, where the last line of it would lower D_f of one of the
    services `party`."""
    changed = {row.version.pk: row for row in revisions if row.version.service_id in party}
    before = _stored([row.version.outage_id for row in changed.values()])
    falling = [
        row
        for row in changed.values()
        if not holds(before[row.version.outage_id], row.version.outage, by.at)
    ]
    if not falling:
        return {}
    rules, found = period_rules(by.at), {}
    falling.sort(key=_service_of)
    for _service, rows in groupby(falling, key=_service_of):
        found.update(_of_service(list(rows), rules, by))
    return found


def _service_of(row: Revision) -> int:
    return row.version.service_id


def _stored(numbers: Sequence[int]) -> dict[int, Outage]:
    found: dict[int, Outage] = {}
    for start in range(0, len(numbers), BATCH):
        found |= Outage.objects.in_bulk(numbers[start : start + BATCH])
    return found


def _of_service(rows: list[Revision], rules: PeriodRules, by: By) -> dict[int, Correction]:
    """Each line is weighed alone, without what the others take away; then all that passed, once,
    together."""
    service = rows[0].version.service
    counted = list(service.outages.select_related("counting"))
    stored = {row.pk: row for row in counted}
    moved = {row.version.outage_id for row in rows}
    others = [row for row in counted if row.pk not in moved]
    slips = slips_of([stored[pk] for pk in moved], by)
    ends = ans_ends(moved)
    alone = Weighing(service, rules, counted, Neighbours(others, by.at), ends)
    pairs: dict[int, Pair] = {
        row.version.pk: (stored[row.version.outage_id], row.version.outage) for row in rows
    }
    falls = {pk: fall for pk, pair in pairs.items() if (fall := alone.fall([pair], slips))}
    stay = [before for pk, (before, _after) in pairs.items() if pk in falls and before]
    together = Weighing(service, rules, counted, Neighbours([*others, *stay], by.at), ends)
    passed = [pair for pk, pair in pairs.items() if pk not in falls]
    if passed and (fall := together.fall(passed, slips)):
        falls |= dict.fromkeys(pairs.keys() - falls.keys(), fall)
    return {
        row.version.pk: _correction(row, falls[row.version.pk], by)
        for row in rows
        if row.version.pk in falls
    }


def _correction(row: Revision, fall: Fall, by: By) -> Correction:
    asked = revision_asked(row.version, before=row.before, after=row.after)
    return correction_of(row.version.service, asked, fall, by)


def ask(corrections: Sequence[Correction], *, by: By) -> None:
    """Those that are asked already stay as they are; one entry for each Fournisseur."""
    new = _new({row.target: row for row in corrections}, by)
    Correction.objects.bulk_create(new, batch_size=BATCH)
    new.sort(key=lambda row: row.organisation_id)
    for _organisation, group in groupby(new, key=lambda row: row.organisation_id):
        rows = list(group)
        what = PROPOSED_BY_FILE.format(len(rows)) if len(rows) > 1 else PROPOSED
        note = note_of(rows[0]) if len(rows) == 1 else ""
        write(rows[0], PROPOSE_FILE, by=by, what=what, note=note, many=rows)


PROPOSED_BY_FILE = "{} corrections à la baisse demandées"


def _new(asked: dict[str, Correction], by: By) -> list[Correction]:
    services = {row.service_id for row in asked.values()}
    for pending in Correction.objects.pending().filter(service__in=services):
        row = asked.get(pending.target)
        if row and row.service_id == pending.service_id:
            if row.values == pending.values:
                del asked[pending.target]
            else:
                replace(pending, by=by)
    return list(asked.values())


def replace_asked(versions: Iterable[OutageVersion], *, by: By) -> None:
    """What these versions say now takes the place of what was asked of them."""
    targets = {(row.service_id, target_of(row)) for row in versions}
    services = {service for service, _target in targets}
    for pending in Correction.objects.pending().filter(service__in=services):
        if (pending.service_id, pending.target) in targets:
            replace(pending, by=by)
