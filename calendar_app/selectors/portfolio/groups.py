"""What stops or threatens the deadlines of prestations, asked once for each group of alike ones.

A portfolio has up to tens of thousands of prestations and a few dozens of Fournisseurs: gates,
rights and dates are the same for all the deadlines of one Fournisseur for one milestone.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db.models import (
    BooleanField,
    Count,
    Exists,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Value,
)

from calendar_app.enums import OPEN_STATES, Channel, State
from calendar_app.models import Deadline, Milestone, Prestation, Supplier
from calendar_app.rules.parameters import ORDER_REFUSED
from calendar_app.rules.rights import SupplierFacts, Unmet, expiring
from calendar_app.rules.standing import Standing, standing
from calendar_app.selectors.gates import unmet_of
from calendar_app.selectors.order import SETTLED
from calendar_app.selectors.rights import facts_by_supplier, suppliers_of
from parameters.selectors import value
from segur.lib import paris

Grouped = QuerySet[Any, Any]
"""Deadlines as `grouped` has them: the type checker cannot follow their annotation."""


class Group(NamedTuple):
    """Deadlines that stand alike. `is_undone`: the realisation that a payment rests on is not
    declared, where the parameter refuses it."""

    supplier: int
    milestone: int
    state: State
    is_undone: bool


@dataclass(frozen=True)
class Stand:
    """Where a group stands; `reasons` block it, `threats` are what will."""

    standing: Standing
    reasons: Sequence[Unmet] = ()
    threats: Sequence[Unmet] = ()

    @property
    def why(self) -> str:
        """«mandat», «périmètre pilote», «mandat jusqu'au 01/02/2027»; "" for a plain date."""
        return ", ".join(dict.fromkeys(one.short for one in self.reasons or self.threats))


@dataclass(frozen=True)
class Stands:
    """The groups of some prestations, where each stands and how many deadlines it has; the
    Fournisseurs of those that are open."""

    by_group: Mapping[Group, Stand]
    counts: Mapping[Group, int]
    suppliers: Mapping[int, Supplier]

    def per_milestone(self) -> dict[int, Counter[Standing]]:
        """Milestone id → how many deadlines of each standing."""
        found: defaultdict[int, Counter[Standing]] = defaultdict(Counter)
        for group, count in self.counts.items():
            found[group.milestone][self.by_group[group].standing] += count
        return found

    def overall(self) -> Counter[Standing]:
        """How many deadlines of each standing, all milestones together."""
        found: Counter[Standing] = Counter()
        for counts in self.per_milestone().values():
            found += counts
        return found

    def deadlines_in(self, standings: Collection[Standing]) -> Q:
        """The deadlines that stand in one of these."""
        wanted: defaultdict[tuple[int, State, bool], list[int]] = defaultdict(list)
        for group, stand in self.by_group.items():
            if stand.standing in standings:
                wanted[group.milestone, group.state, group.is_undone].append(group.supplier)
        found = Q(pk__in=[])
        for (milestone, state, is_undone), suppliers in wanted.items():
            found |= Q(
                milestone=milestone,
                state=state,
                is_undone=is_undone,
                prestation__supplier__in=suppliers,
            )
        return found


def grouped(prestations: QuerySet[Prestation], *, now: dt.datetime) -> Grouped:
    """The milestones of these prestations, with what `Group` asks of each."""
    deadlines = Deadline.objects.filter(
        prestation__in=prestations.order_by().values("pk"), milestone__isnull=False
    )
    if not value(ORDER_REFUSED, at=now):
        undone = Value(value=False, output_field=BooleanField())
        return deadlines.order_by().annotate(is_undone=undone)
    before = Deadline.objects.filter(
        prestation=OuterRef("prestation"),
        milestone__channel=Channel.NONE,
        milestone__number__lt=OuterRef("milestone__number"),
    ).exclude(state__in=SETTLED)
    return deadlines.order_by().annotate(is_undone=Exists(before))


def stands_of(deadlines: Grouped, *, safe_days: Mapping[int, dt.date], now: dt.datetime) -> Stands:
    """`deadlines` as `grouped` has them; `safe_days` by milestone id. A fixed number of queries."""
    rows = deadlines.values_list(
        "prestation__supplier", "milestone", "state", "is_undone"
    ).annotate(
        count=Count("pk"), first=Min("pk"), prestation=Min("prestation"), due_at=Min("due_at")
    )
    counts, still = {}, {}
    for supplier, milestone, state, is_undone, count, *alike in rows:
        group = Group(supplier, milestone, State(state), bool(is_undone))
        counts[group] = count
        if group.state in OPEN_STATES:
            still[group] = alike
    suppliers = suppliers_of({group.supplier for group in still})
    milestones = Milestone.objects.order_by().in_bulk({group.milestone for group in still})
    samples = {
        group: Deadline(
            pk=pk,
            state=group.state,
            due_at=due_at,
            milestone=milestones[group.milestone],
            prestation=Prestation(pk=prestation, supplier=suppliers[group.supplier]),
        )
        for group, (pk, prestation, due_at) in still.items()
    }
    known = _Known.of(samples.values(), safe_days, now)
    by_group = {group: known.stand(group, samples.get(group)) for group in counts}
    return Stands(by_group, counts, suppliers)


def recount(deadlines: Grouped, stands: Stands) -> Stands:
    """The same groups, counted among fewer deadlines: where a filter of standings narrowed them."""
    rows = deadlines.values_list(
        "prestation__supplier", "milestone", "state", "is_undone"
    ).annotate(count=Count("pk"))
    return Stands(
        stands.by_group,
        {
            Group(supplier, milestone, State(state), bool(is_undone)): count
            for supplier, milestone, state, is_undone, count in rows
        },
        stands.suppliers,
    )


@dataclass(frozen=True)
class _Known:
    """Gates, rights and dates of one deadline of each group."""

    unmet: Mapping[int, Sequence[Unmet]]
    facts: Mapping[int, SupplierFacts]
    safe_days: Mapping[int, dt.date]
    now: dt.datetime

    @classmethod
    def of(
        cls, samples: Iterable[Deadline], safe_days: Mapping[int, dt.date], now: dt.datetime
    ) -> _Known:
        rows = list(samples)
        suppliers = {row.prestation.supplier for row in rows if row.prestation}
        return cls(unmet_of(rows, now), facts_by_supplier(suppliers), safe_days, now)

    def stand(self, group: Group, sample: Deadline | None) -> Stand:
        if sample is None:
            closed = standing(group.state, is_late=False, is_blocked=False, is_at_risk=False)
            return Stand(closed)
        return stand_of(
            sample,
            reasons=self.unmet.get(sample.pk, ()),
            facts=self.facts[group.supplier],
            safe_day=self.safe_days.get(group.milestone),
            now=self.now,
        )


def stand_of(
    deadline: Deadline,
    *,
    reasons: Sequence[Unmet],
    facts: SupplierFacts,
    safe_day: dt.date | None,
    now: dt.datetime,
) -> Stand:
    """Where a deadline of a prestation stands; `reasons` forbid it, `safe_day` is its last."""
    due_at, threats = deadline.due_at, _threats(deadline, facts, now)
    found = standing(
        State(deadline.state),
        is_late=due_at is not None and due_at <= now,
        is_blocked=bool(reasons),
        is_at_risk=bool(threats) or (safe_day is not None and paris.day(now) > safe_day),
    )
    return Stand(found, reasons, threats)


def _threats(deadline: Deadline, facts: SupplierFacts, now: dt.datetime) -> list[Unmet]:
    """The rights that end before a money step that is still to come."""
    milestone, due_at = deadline.milestone, deadline.due_at
    if milestone is None or not milestone.is_money_step or not due_at or due_at <= now:
        return []
    if not deadline.is_open:
        return []
    day = paris.day(now)
    within = (paris.day(due_at) - day).days - 1
    return expiring(facts, day=day, within_days=within)


def milestones_of(dispositif: str = "") -> list[Milestone]:
    """The milestones of prestations, by number then dispositif."""
    found = Milestone.objects.select_related("dispositif").filter(scope="PRESTATION")
    if dispositif:
        found = found.filter(dispositif__slug=dispositif)
    return list(found.order_by("number", "dispositif"))
