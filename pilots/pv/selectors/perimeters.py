"""The pilot perimeter of each Fournisseur: its Clients, and why its solde is not open yet."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.urls import reverse

from calendar_app.models import Prestation, Solution, Supplier
from calendar_app.rules.rights import Unmet, money_gate
from calendar_app.selectors.rights import facts_by_supplier, reason_lines
from parameters.selectors import values
from pilots.permissions import can_edit
from pilots.pv.models import Pilot, Publication
from pilots.pv.rules.gate import as_seen_by, justified_clients, solde_gate
from pilots.pv.rules.parameters import PER_SOLUTION, PILOT_CLIENTS, PILOT_SCOPE
from pilots.pv.selectors.gate import facts_of, key_of
from pilots.pv.selectors.pilots import (
    PilotRow,
    pilot_rows,
    pilots_seen,
    suppliers_seen,
    with_choices,
)
from pilots.pv.selectors.publications import current_publications
from segur.lib import paris

if TYPE_CHECKING:
    from accounts.models import User


@dataclass(frozen=True)
class Perimeter:
    """The pilot perimeter of one Fournisseur for one RIS solution. `reasons`: what the perimeter
    still misses; `rights`: what the Fournisseur's own rights forbid besides.
    """

    supplier: Supplier
    needed: int
    done: int
    rows: Sequence[PilotRow]
    withdrawn: Sequence[PilotRow]
    reasons: Sequence[dict[str, Any]]
    rights: Sequence[dict[str, Any]]
    may_name: bool
    has_choices: bool
    publication: Publication | None

    @property
    def is_open(self) -> bool:
        return not self.reasons

    @property
    def places(self) -> range:
        """The numbers of the places that no Client has yet."""
        return range(len(self.rows) + 1, self.needed + 1)


def perimeters(user: User, suppliers: Sequence[Supplier], *, now: dt.datetime) -> list[Perimeter]:
    """One per Fournisseur of a RIS solution: one's own before one's distributeurs', then those
    where something is to be done. The queries do not grow with them.
    """
    parameters = values(at=now)
    by_solution, needed = parameters[PILOT_SCOPE] == PER_SOLUTION, int(parameters[PILOT_CLIENTS])
    solutions = {supplier.solution_id for supplier in suppliers}
    of_gate = Pilot.objects.filter(prestation__supplier__solution__in=solutions)
    facts = facts_of(of_gate, now=now, by_solution=by_solution)
    rows: defaultdict[int, list[PilotRow]] = defaultdict(list)
    for row in pilot_rows(pilots_seen(user).filter(prestation__supplier__in=suppliers), user):
        rows[row.pilot.prestation.supplier_id].append(row)
    publications, rights = current_publications(solutions), facts_by_supplier(suppliers)
    open_suppliers = with_choices(suppliers)
    found = []
    for supplier in suppliers:
        key = key_of(supplier, by_solution=by_solution)
        known = as_seen_by(supplier.organisation_id, facts[key])
        unmet = solde_gate(
            known,
            supplier=supplier.organisation.name,
            url=(
                reverse("pilots:name", args=[supplier.pk])
                if supplier.pk in open_suppliers
                else reverse("prestations:create")
            ),
            needed=needed,
        )
        mine = rows[supplier.pk]
        found.append(
            Perimeter(
                supplier=supplier,
                needed=needed,
                done=len(justified_clients(known)),
                rows=[row for row in mine if row.pilot.withdrawn_at is None],
                withdrawn=[row for row in mine if row.pilot.withdrawn_at],
                reasons=lines_of(unmet),
                rights=reason_lines(
                    money_gate(rights[supplier.pk], day=paris.day(now)), supplier=supplier
                ),
                may_name=can_name(user, supplier),
                has_choices=supplier.pk in open_suppliers,
                publication=publications.get(key),
            )
        )
    return sorted(found, key=lambda one: (not one.may_name, not one.rows, one.is_open))


@dataclass(frozen=True)
class PerimeterStanding:
    """Where the premières installations réussies of one gate stand; `supplier` is empty where the
    gate counts for the whole solution.
    """

    supplier: str
    done: int
    needed: int
    publication: Publication | None

    @property
    def is_justified(self) -> bool:
        return self.done >= self.needed


def standings(solution: Solution, user: User, *, now: dt.datetime) -> list[PerimeterStanding]:
    """Of the gates of a RIS solution that this person sees, those with a pilot or a publication."""
    parameters = values(at=now)
    by_solution, needed = parameters[PILOT_SCOPE] == PER_SOLUTION, int(parameters[PILOT_CLIENTS])
    of_solution = Pilot.objects.filter(prestation__supplier__solution=solution)
    facts = facts_of(of_solution, now=now, by_solution=by_solution)
    publications = current_publications([solution.pk])
    suppliers = suppliers_seen(user).filter(solution=solution).order_by("organisation__name")
    by_key = {key_of(supplier, by_solution=by_solution): supplier for supplier in suppliers}
    return [
        PerimeterStanding(
            supplier="" if by_solution else supplier.organisation.name,
            done=len(justified_clients(facts[key])),
            needed=needed,
            publication=publications.get(key),
        )
        for key, supplier in by_key.items()
        if facts[key] or key in publications
    ]


def can_name(user: User, supplier: Supplier) -> bool:
    return can_edit(user, Prestation(organisation_id=supplier.organisation_id))


def lines_of(unmet: Iterable[Unmet]) -> list[dict[str, Any]]:
    """For `components/_reasons.html`."""
    return [{"reason": one.reason, "who": one.who, "by": None, "url": one.url} for one in unmet]
