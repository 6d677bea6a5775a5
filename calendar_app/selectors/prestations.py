"""Reads of prestations."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from accounts.models import Organisation
from accounts.selectors.organisations import named
from calendar_app.models import Deadline, Prestation, Supplier
from calendar_app.rules.rights import Unmet, expiring, money_gate
from calendar_app.selectors.deadlines import Line
from calendar_app.selectors.rights import facts_by_supplier, reason_lines, supplier_facts
from calendar_app.selectors.solutions import Pill, SupplierRow, first_to_do, next_left
from segur.lib import paris
from segur.lib.remaining import TimeLeft

if TYPE_CHECKING:
    from accounts.models import User

CLIENTS_SHOWN = 20
SHOWN = (
    "client",
    "organisation",
    "dispositif",
    "supplier__organisation",
    "supplier__solution__organisation",
)
"""What a row of a list shows of a prestation."""


@dataclass(frozen=True)
class PrestationRow:
    """A prestation in a list, with the first thing still to do for it."""

    prestation: Prestation
    next_title: str
    left: TimeLeft | None
    rights: Pill


def prestations_seen(
    user: User, *, q: str = "", dispositif: str = "", organisation: str = "", fourniture: str = ""
) -> QuerySet[Prestation]:
    """The prestations that a person sees, narrowed by the filters of the list; `fourniture` is the
    key of a Supplier: one Fournisseur for one solution.
    """
    found = Prestation.objects.visible_to(user).select_related(*SHOWN)
    if dispositif:
        found = found.filter(dispositif__slug=dispositif)
    if organisation.isdecimal():
        found = found.filter(organisation=int(organisation))
    if fourniture.isdecimal():
        found = found.filter(supplier=int(fourniture))
    if q.strip():
        clients = Organisation.objects.clients().search(q)
        found = found.filter(Q(client__in=clients) | Q(order_reference__icontains=q.strip()))
    return found


def with_next(prestations: QuerySet[Prestation]) -> QuerySet[Prestation]:
    first = first_to_do(Deadline.objects.filter(prestation=OuterRef("pk")))
    return prestations.annotate(
        next_title=Subquery(first.values("title")[:1]),
        next_due=Subquery(first.values("due_at")[:1]),
        next_estimate=Subquery(first.values("milestone__estimated_at")[:1]),
    )


def prestation_rows(prestations: Sequence[Prestation], *, now: dt.datetime) -> list[PrestationRow]:
    """Rows of prestations loaded by `with_next`; one query for the rights of all."""
    suppliers = {prestation.supplier_id: prestation.supplier for prestation in prestations}
    day = paris.day(now)
    rights = {
        pk: SupplierRow(suppliers[pk], money_gate(facts, day=day), []).rights
        for pk, facts in facts_by_supplier(suppliers.values()).items()
    }
    return [_row(prestation, rights[prestation.supplier_id], now) for prestation in prestations]


def _row(prestation: Prestation, rights: Pill, now: dt.datetime) -> PrestationRow:
    return PrestationRow(
        prestation=prestation,
        next_title=getattr(prestation, "next_title", None) or "",
        left=next_left(prestation, now),
        rights=rights,
    )


def fournisseurs_seen(user: User) -> list[tuple[int, str]]:
    """Fournisseurs of the prestations that a person sees, for the filter: (id, name)."""
    seen = Prestation.objects.visible_to(user).filter(organisation=OuterRef("pk"))
    return named(Exists(seen.order_by()))


def suppliers_of(organisation: Organisation) -> QuerySet[Supplier]:
    """What an organisation may install: the choices of a new prestation."""
    return (
        Supplier.objects.filter(organisation=organisation)
        .select_related("organisation", "solution__dispositif", "solution__organisation")
        .order_by("solution__dispositif", "solution__name", "pk")
    )


def find_clients(q: str) -> tuple[list[Organisation], int]:
    """The first Clients of the directory that answer the words, and how many there are in all."""
    if not q.strip():
        return [], 0
    found = Organisation.objects.clients().filter(is_active=True).search(q)
    return list(found[:CLIENTS_SHOWN]), found.count()


@dataclass(frozen=True)
class Gate:
    """The rights of a prestation's Fournisseur: missing today, or ending before a money step;
    `further` is what the other gates ask for before one of its steps.
    """

    missing: list[dict[str, Any]]
    further: list[dict[str, Any]]
    ending: list[str]
    pill: Pill


def gate_of(prestation: Prestation, lines: Sequence[Line], *, now: dt.datetime) -> Gate:
    """`lines` are the deadlines of the prestation; those of money that are still to do count."""
    supplier, facts, day = prestation.supplier, supplier_facts(prestation.supplier), paris.day(now)
    steps = [line.deadline for line in lines if line.deadline.is_open and _is_paid(line.deadline)]
    ahead = [step for step in steps if step.due_at and step.due_at > now]
    unmet = money_gate(facts, day=day)
    missing = reason_lines(unmet, supplier=supplier, by=ahead[0].due_at if ahead else None)
    ending = [
        unmet.reason
        for step in ahead
        for unmet in expiring(
            facts,
            day=day,
            within_days=(paris.day(step.fixed_at) - day).days - 1,
            before=_named(step),
        )
    ]
    return Gate(missing, _further(lines, unmet), ending, SupplierRow(supplier, unmet, []).rights)


def _further(lines: Sequence[Line], rights: Sequence[Unmet]) -> list[dict[str, Any]]:
    return [
        reason
        for line in lines
        if line.deadline.prestation
        for reason in reason_lines(
            (unmet for unmet in line.unmet if unmet not in rights),
            supplier=line.deadline.prestation.supplier,
            by=line.act_by,
        )
    ]


def _is_paid(deadline: Deadline) -> bool:
    return deadline.milestone is not None and deadline.milestone.is_money_step


def _named(step: Deadline) -> str:
    number = step.milestone.number if step.milestone else ""
    return f"le jalon {number} ({paris.short(step.fixed_at)})"
