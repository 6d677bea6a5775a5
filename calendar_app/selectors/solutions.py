"""Reads of solutions and of their Fournisseurs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from accounts.models import Organisation
from accounts.selectors.organisations import named
from calendar_app.enums import OPEN_STATES, Market, State
from calendar_app.models import Deadline, Prestation, Solution, Supplier
from calendar_app.querysets import SOONEST
from calendar_app.rules.filing import is_past
from calendar_app.rules.rights import Unmet, expiring, money_gate
from calendar_app.selectors.deadlines import Line
from calendar_app.selectors.past import past_of
from calendar_app.selectors.rights import facts_by_supplier
from segur.lib import paris
from segur.lib.remaining import Meaning, TimeLeft, time_left

if TYPE_CHECKING:
    from accounts.models import User

EXPIRY_WARNING_DAYS = 90


@dataclass(frozen=True)
class Pill:
    meaning: Meaning
    label: str


@dataclass(frozen=True)
class SolutionRow:
    """A solution in a list, with the first thing still to do for it."""

    solution: Solution
    referencing: Pill
    market: Pill
    next_title: str
    left: TimeLeft | None
    sees_deadlines: bool
    supplier_count: int
    prestation_count: int


def solutions_seen(
    user: User, *, q: str = "", dispositif: str = "", organisation: str = ""
) -> QuerySet[Solution]:
    """The solutions that a person sees, narrowed by the filters of the list."""
    found = Solution.objects.visible_to(user).select_related("organisation", "dispositif")
    if dispositif:
        found = found.filter(dispositif__slug=dispositif)
    if organisation.isdecimal():
        found = found.filter(organisation=int(organisation))
    for word in q.split():
        found = found.filter(
            Q(name__icontains=word)
            | Q(proxy_name__icontains=word)
            | Q(reference_number__icontains=word)
            | Q(organisation__in=Organisation.objects.search(word))
        )
    return found


def editeurs_seen(user: User) -> list[tuple[int, str]]:
    """Éditeurs of the solutions that a person sees, for the filter: (id, name)."""
    seen = Solution.objects.visible_to(user).filter(organisation=OuterRef("pk"))
    return named(Exists(seen.order_by()))


def with_counts(solutions: QuerySet[Solution], user: User) -> QuerySet[Solution]:
    """What a row counts, each over what this person sees: a distributeur sees no others."""
    first = first_to_do(Deadline.objects.visible_to(user).filter(solution=OuterRef("pk")))
    suppliers = Supplier.objects.visible_to(user).filter(solution=OuterRef("pk"))
    prestations = Prestation.objects.visible_to(user).filter(supplier__solution=OuterRef("pk"))
    return solutions.annotate(
        next_title=Subquery(first.values("title")[:1]),
        next_due=Subquery(first.values("due_at")[:1]),
        next_estimate=Subquery(first.values("milestone__estimated_at")[:1]),
        supplier_count=_count(suppliers, "solution"),
        prestation_count=_count(prestations, "supplier__solution"),
    )


def first_to_do(deadlines: QuerySet[Deadline]) -> QuerySet[Deadline]:
    """Still to do, the earliest first: an overdue one comes before the next one."""
    return deadlines.filter(state__in=OPEN_STATES).order_by(SOONEST, "pk")


def _count(rows: QuerySet[Supplier] | QuerySet[Prestation], path: str) -> Coalesce:
    counted = rows.order_by().values(path).annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted), 0)


def solution_rows(
    solutions: Iterable[Solution], user: User, *, now: dt.datetime
) -> list[SolutionRow]:
    """Rows of solutions loaded by `with_counts`; no query."""
    return [_row(solution, user, now) for solution in solutions]


def sees_deadlines(user: User, solution: Solution) -> bool:
    """Milestones 1 to 3 are the éditeur's: a distributeur of the solution does not see them."""
    return user.is_ans or solution.organisation_id in user.roles


def next_left(row: Solution | Prestation, now: dt.datetime) -> TimeLeft | None:
    """Of the first thing to do, which `with_counts` or `with_next` found; None without any."""
    due_at: dt.datetime | None = getattr(row, "next_due", None)
    estimated_at: dt.datetime | None = getattr(row, "next_estimate", None)
    if due_at is None and estimated_at is None:
        return None
    return time_left(due_at, now, estimated_at=estimated_at)


def _row(solution: Solution, user: User, now: dt.datetime) -> SolutionRow:
    return SolutionRow(
        solution=solution,
        referencing=referencing_pill(solution),
        market=market_pill(solution),
        next_title=getattr(solution, "next_title", None) or "",
        left=next_left(solution, now),
        sees_deadlines=sees_deadlines(user, solution),
        supplier_count=getattr(solution, "supplier_count", 0),
        prestation_count=getattr(solution, "prestation_count", 0),
    )


def referencing_pill(solution: Solution) -> Pill:
    if solution.referenced_on is None:
        return Pill(Meaning.NEUTRAL, "Pas encore référencée")
    return Pill(Meaning.DONE, f"Référencée le {solution.referenced_on:%d/%m/%Y}")


def market_pill(solution: Solution) -> Pill:
    match Market(solution.market):
        case Market.COMPETITIVE:
            return Pill(Meaning.DONE, "Marché concurrentiel")
        case Market.UNKNOWN:
            return Pill(Meaning.SOON, "Marché à préciser")
        case Market.SELF_PUBLISHED | Market.MEMBERS_ONLY:
            return Pill(Meaning.LATE, "Inéligible")


@dataclass(frozen=True)
class SupplierRow:
    """A Fournisseur with the state of its rights: what is missing today, what ends soon."""

    supplier: Supplier
    unmet: list[Unmet]
    ending: list[Unmet]

    @property
    def rights(self) -> Pill:
        if self.unmet:
            plural = "s" if len(self.unmet) > 1 else ""
            verb = "manquent" if plural else "manque"
            return Pill(Meaning.SOON, f"{len(self.unmet)} droit{plural} {verb}")
        if self.ending:
            return Pill(Meaning.SOON, "Droits complets, bientôt expirés")
        return Pill(Meaning.DONE, "Droits complets")


def supplier_rows(suppliers: QuerySet[Supplier], *, now: dt.datetime) -> list[SupplierRow]:
    """The éditeur first, then its distributeurs by name; two queries."""
    ordered = suppliers.select_related("organisation", "solution__organisation").order_by("pk")
    rows = sorted(ordered, key=lambda s: (not s.is_editeur, s.organisation.name.casefold(), s.pk))
    facts, day = facts_by_supplier(rows), paris.day(now)
    return [
        SupplierRow(
            supplier=supplier,
            unmet=money_gate(facts[supplier.pk], day=day),
            ending=expiring(facts[supplier.pk], day=day, within_days=EXPIRY_WARNING_DAYS),
        )
        for supplier in rows
    ]


def next_of(lines: Iterable[Line]) -> Line | None:
    """The first deadline to do, in their order, but for what the take-over asks about."""
    return next((line for line in lines if line.deadline.is_open and not _is_taken(line)), None)


def _is_taken(line: Line) -> bool:
    deadline = line.deadline
    is_milestone = not deadline.is_delay and deadline.state == State.TO_DO
    return is_milestone and is_past(deadline.due_at, deadline.subject.created_at)


def past_to_do(
    user: User,
    *,
    solution: Solution | None = None,
    prestation: Prestation | None = None,
) -> QuerySet[Deadline]:
    """What the take-over serves: milestones to do that `rules.filing.is_past` holds for."""
    name = "solution" if solution else "prestation"
    found = Deadline.objects.visible_to(user).filter(**{name: solution or prestation})
    return past_of(found).with_subject().order_by("milestone__number")
