"""The one way in which an act of a party changes what counts (DESIGN «PERF engine»).

What a party says never lowers D_f by itself: the act is done, weighed against what counted before,
and where it lowers D_f it is undone and asked of the ANS, with both figures. What raises D_f, and
what the ANS does, counts at once.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db import transaction
from django.db.models import Max, Q

from accounts.enums import Kind
from accounts.selectors import parties
from journal.rules.by import By
from journal.services.acts import Aggregate
from journal.services.entries import write
from perf.display import words
from perf.engine.score import perf_text
from perf.enums import CorrectionAct
from perf.models import Correction, Outage, Service
from perf.permissions import can_decide, can_record, can_withdraw
from perf.querysets import CorrectionQuerySet
from perf.rules.workflow import CORRECTION, PROPOSE, CorrectionActor
from perf.selectors.rules import period_rules
from perf.selectors.weighing import Fall, Neighbours, Weighing, ans_ends, holds

T = TypeVar("T")

PROPOSED = "Correction à la baisse demandée"
SETTLED = "Cette correction n'attend plus de décision : rechargez la page."

SLIP = dt.timedelta(hours=1)
"""How long an author may correct what they recorded, while nothing rests on it."""


def _pending() -> CorrectionQuerySet:
    return Correction.objects.select_related("service__prestation")


def _may(by: By, row: Correction, who: CorrectionActor) -> bool:
    if who == CorrectionActor.AGENT:
        return can_decide(by.actor)
    if who == CorrectionActor.ASKS:
        return can_withdraw(by.actor, row)
    return by.user is None or can_record(by.user, row.service.prestation)


CORRECTIONS = Aggregate(
    CORRECTION,
    _pending,
    _may,
    lambda _row, _act: SETTLED,
    is_party=parties.is_party,
)


@dataclass(frozen=True)
class Proposal:
    """What is asked where the act lowers D_f; `values`: the arguments of the act, in JSON;
    `outage` and `other`: the numbers of those that it touches."""

    act: CorrectionAct
    target: str
    what: str
    values: dict[str, Any]
    outage: int
    other: int | None = None


def party_to(by: By, services: Collection[Service]) -> set[int]:
    """Numbers of the services whose D_f is money for who acts: all of them but for the ANS; for its
    agents and its keys, those of organisations to which the person also belongs."""
    organisation = by.key.organisation if by.key else None
    if organisation and organisation.kind != Kind.ANS:
        return {service.pk for service in services}
    if by.user and not by.user.is_ans:
        return {service.pk for service in services}
    person = by.user or (by.key.held_by if by.key else None)
    if person is None:
        return set()
    return {pk for pk, found in parties.parties_of(services).items() if found.include(person)}


def speaks_for_a_party(by: By, service: Service) -> bool:
    return service.pk in party_to(by, [service])


def counted(
    service: Service, act: Callable[[], T], proposal: Proposal, *, by: By
) -> T | Correction:
    """Do an act on outages of a locked service, or ask for it: what `act` returns, or the
    correction that now waits for the ANS."""
    if not speaks_for_a_party(by, service):
        return act()
    touched = [pk for pk in (proposal.outage, proposal.other) if pk]
    before = _rows(service, Q(pk__in=touched))
    last = service.outages.aggregate(last=Max("pk"))["last"]
    with transaction.atomic():
        result = act()
        after = _rows(service, Q(pk__in=touched) | Q(pk__gt=last))
        fall = _fall(service, before, after, proposal.act, by)
        if fall:
            transaction.set_rollback(True)
    return _propose(service, proposal, fall, by) if fall else result


def settle(outage: Outage) -> None:
    """Something rests on it: its author no longer corrects it freely."""
    if outage.slip_until is not None:
        outage.slip_until = None
        outage.save(update_fields=["slip_until"])


def _rows(service: Service, chosen: Q) -> dict[int, Outage]:
    rows = Outage.objects.filter(chosen, service=service).select_related("counting")
    return {row.pk: row for row in rows}


def _fall(
    service: Service,
    before: dict[int, Outage],
    after: dict[int, Outage],
    act: CorrectionAct,
    by: By,
) -> Fall | None:
    pairs = [(before.get(pk), after.get(pk)) for pk in {**before, **after}]
    if all(holds(*pair, by.at) for pair in pairs):
        return None
    others = list(service.outages.exclude(pk__in=[*before, *after]))
    weighing = Weighing(
        service,
        period_rules(by.at),
        [*others, *before.values()],
        Neighbours(others, by.at),
        ans_ends(before),
    )
    slips = slips_of(before.values(), by) if act == CorrectionAct.RECORD else ()
    return weighing.fall(pairs, slips)


def slips_of(outages: Iterable[Outage], by: By) -> set[int]:
    """Numbers of those that who acts may still correct freely: their author, within the hour, while
    nothing rests on it."""
    return {
        row.pk
        for row in outages
        if row.slip_until
        and by.at < row.slip_until
        and row.counting
        and (
            (by.user is not None and row.counting.recorded_by_id == by.user.pk)
            or (by.key is not None and row.counting.recorded_key_id == by.key.pk)
        )
    }


def _propose(service: Service, proposal: Proposal, fall: Fall, by: By) -> Correction:
    """Asked again with the same values, it is once; with others, the last takes its place."""
    pending = service.corrections.pending().filter(target=proposal.target)
    for one in pending:
        if one.values == proposal.values:
            return one
        replace(one, by=by)
    correction = correction_of(service, proposal, fall, by)
    correction.save()
    write(correction, PROPOSE, by=by, what=PROPOSED, note=note_of(correction))
    return correction


def correction_of(service: Service, proposal: Proposal, fall: Fall, by: By) -> Correction:
    """Not saved."""
    return Correction(
        service=service,
        outage_id=proposal.outage,
        other_id=proposal.other,
        act=proposal.act,
        target=proposal.target,
        values=proposal.values,
        what=proposal.what[:500],
        period=fall.period.label,
        counted_before=fall.before.counted,
        counted_after=fall.after.counted,
        perf_before=perf_text(fall.before.perf),
        perf_after=perf_text(fall.after.perf),
        proposed_at=by.at,
        proposed_by=by.user,
        proposed_by_name=by.name,
        proposed_key=by.key,
        origin=by.origin,
    )


def note_of(correction: Correction) -> str:
    """What is asked, and both figures."""
    lengths, scores = figures_of(correction)
    return f"{correction.what}\nD_f ({correction.period}) : {lengths}\nPERF : {scores}"


def figures_of(correction: Correction) -> tuple[str, str]:
    """«6 h 00 min → 5 h 30 min», «0,5 → 1»."""
    lengths = (correction.counted_before, correction.counted_after)
    return " → ".join(map(words.duration, lengths)), " → ".join(map(words.perf, correction.scores))


def replace(correction: Correction, *, by: By) -> None:
    """Its source has recorded something else since, or withdraws it."""
    CORRECTIONS.move(correction, "replace", by=by, decided_at=by.at)
