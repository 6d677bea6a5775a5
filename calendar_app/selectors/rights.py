"""The rights of a Fournisseur, as facts for the gate of the money steps (DOMAIN §3)."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from functools import partial
from typing import Any, NamedTuple

from django.db.models import Count, Min, Q, QuerySet
from django.urls import reverse

from accounts.models import Organisation
from calendar_app.enums import OPEN_STATES, Market
from calendar_app.models import Deadline, Solution, Supplier
from calendar_app.rules.rights import SOLUTION, SUPPLIER, SupplierFacts, Unmet, Validity, money_gate
from segur.lib import paris
from segur.lib.once import once

MONEY_STEPS = Q(
    prestations__deadlines__state__in=OPEN_STATES,
    prestations__deadlines__milestone__is_money_step=True,
)


def supplier_facts(supplier: Supplier) -> SupplierFacts:
    return facts_by_supplier([supplier])[supplier.pk]


def facts_by_supplier(suppliers: Iterable[Supplier]) -> dict[int, SupplierFacts]:
    """Facts of each, in one query more than loading them with their solution and organisations,
    where one of them may use the habilitation of its éditeur."""
    suppliers = list(suppliers)
    editeurs = _editeurs_psc({s.solution_id for s in suppliers if s.psc_by_mandate})
    return {s.pk: _facts(s, editeurs.get(s.solution_id, Validity())) for s in suppliers}


def with_open_steps(suppliers: QuerySet[Supplier]) -> QuerySet[Supplier]:
    """The Fournisseurs with a money step still to do, and `steps`, how many."""
    return (
        suppliers.select_related("organisation", "solution__organisation")
        .annotate(steps=Count("prestations__deadlines", filter=MONEY_STEPS, distinct=True))
        .filter(steps__gt=0)
        .order_by("pk")
    )


class PayingStep(NamedTuple):
    """The open deadlines of one Fournisseur for one money step."""

    supplier: int
    milestone: int
    organisation: int
    number: int
    first: int


Paying = tuple[list[PayingStep], dict[int, Supplier]]


def paying_steps(organisations: Iterable[int]) -> Paying:
    """The money steps still to do of these organisations and on their solutions, with their
    Fournisseurs by key. Three queries, which a page asks once."""
    mine = tuple(sorted(organisations))
    return once(("paying steps", mine), partial(_paying_steps, mine))


def _paying_steps(organisations: Collection[int]) -> Paying:
    rows = (
        Deadline.objects.open()
        .filter(
            milestone__is_money_step=True,
            prestation__supplier__in=Supplier.objects.of_organisations(organisations),
        )
        .order_by()
        .values_list("prestation__supplier", "milestone", "organisation")
        .annotate(number=Count("pk"), first=Min("pk"))
    )
    steps = [PayingStep(*row) for row in rows]
    return steps, suppliers_of({step.supplier for step in steps})


def suppliers_of(keys: Collection[int]) -> dict[int, Supplier]:
    """By key, with their solution and organisations; few organisations have many of them, and each
    is loaded once. Two queries."""
    suppliers = Supplier.objects.select_related("solution").order_by().in_bulk(keys)
    rows: list[Supplier | Solution] = [*suppliers.values()]
    rows += [supplier.solution for supplier in suppliers.values()]
    organisations = Organisation.objects.order_by().in_bulk({row.organisation_id for row in rows})
    for row in rows:
        row.organisation = organisations[row.organisation_id]
    return suppliers


def unmet_rights_of(deadlines: Iterable[Deadline], now: datetime) -> dict[int, list[Unmet]]:
    """What forbids the money step of each of these deadlines, loaded by `with_subject`, at `now`;
    empty for every other deadline. One query.
    """
    suppliers = {deadline.pk: _paid_supplier(deadline) for deadline in deadlines}
    facts = facts_by_supplier(s for s in suppliers.values() if s is not None)
    day = paris.day(now)
    gates = {pk: money_gate(fact, day=day) for pk, fact in facts.items()}
    return {pk: gates[s.pk] if s is not None else [] for pk, s in suppliers.items()}


def reason_lines(
    unmet: Iterable[Unmet], *, supplier: Supplier, by: datetime | None = None
) -> list[dict[str, Any]]:
    """For `components/_reasons.html`; `by` is when the step is due, if it is known."""
    urls = {
        SOLUTION: reverse("solutions:detail", args=[supplier.solution_id]),
        SUPPLIER: reverse("solutions:supplier_detail", args=[supplier.pk]),
        "": "",
    }
    return [
        {"reason": line.reason, "who": line.who, "by": by, "url": line.url or urls[line.key]}
        for line in unmet
    ]


def _paid_supplier(deadline: Deadline) -> Supplier | None:
    is_money = deadline.milestone is not None and deadline.milestone.is_money_step
    return deadline.prestation.supplier if is_money and deadline.prestation else None


def _editeurs_psc(solutions: set[int]) -> dict[int, Validity]:
    """Solution id → the éditeur's own habilitation for it."""
    if not solutions:
        return {}
    rows = Supplier.objects.own_of_editeur().filter(solution__in=solutions)
    return {
        solution: Validity(start, end)
        for solution, start, end in rows.values_list("solution_id", "psc_from", "psc_until")
    }


def _facts(supplier: Supplier, editeur_psc: Validity) -> SupplierFacts:
    solution = supplier.solution
    return SupplierFacts(
        solution=str(solution),
        editeur=solution.organisation.name,
        supplier=supplier.organisation.name,
        is_editeur=supplier.is_editeur,
        market=Market(solution.market),
        referenced_on=solution.referenced_on,
        declared_on=supplier.declared_on,
        mandate=Validity(supplier.mandate_from, supplier.mandate_until),
        psc=Validity(supplier.psc_from, supplier.psc_until),
        psc_by_mandate=supplier.psc_by_mandate,
        editeur_psc=editeur_psc,
    )
