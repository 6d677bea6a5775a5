"""Organisations and their people, solutions, Fournisseurs, prestations."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from accounts.enums import Kind, Role
from accounts.models import Membership, Organisation, User
from benchmarks.population.size import Size, save
from calendar_app.models import Dispositif, Prestation, Solution, Supplier
from segur.lib.search import plain

EDITEURS, DISTRIBUTEURS, CLIENTS = 100, 200, 6_000
SOLUTIONS, PRESTATIONS_OF_EACH = 2_000, 19
AGENTS = 10
TEAM = (Role.MANDATAIRE, Role.REPRESENTANT, Role.REPRESENTANT, Role.SALARIE)


@dataclass(frozen=True)
class Park:
    editeurs: list[Organisation]
    people: dict[int, list[User]]
    """Of each organisation, in the order of TEAM."""
    agents: list[User]
    """The first is a responsable."""
    solutions: list[Solution]
    prestations: list[Prestation]


def fill_market(size: Size) -> Park:
    editeurs = _organisations(Kind.EDITEUR, size.of(EDITEURS), "Éditeur fictif", 900_000_000)
    sellers = _organisations(
        Kind.DISTRIBUTEUR, size.of(DISTRIBUTEURS), "Distributeur fictif", 910_000_000
    )
    clients = _clients(size.of(CLIENTS))
    people = {org.pk: _team(org, TEAM) for org in (*editeurs, *sellers)}
    [ans] = save(Organisation, [Organisation(kind=Kind.ANS, name="ANS", search_text="ans")])
    agents = _team(ans, (Role.RESPONSABLE, *[Role.AGENT] * (AGENTS - 1)))
    solutions = _solutions(size, editeurs)
    suppliers = _suppliers(size, solutions, sellers)
    prestations = save(Prestation, _prestations(size, solutions, suppliers, clients))
    return Park(editeurs, people, agents, solutions, prestations)


def _organisations(kind: Kind, count: int, name: str, siren: int) -> list[Organisation]:
    return save(
        Organisation,
        (
            Organisation(
                kind=kind,
                name=f"{name} {n:03}",
                siren=str(siren + n),
                search_text=plain(f"{name} {n:03}", str(siren + n)),
            )
            for n in range(count)
        ),
    )


def _clients(count: int) -> list[Organisation]:
    return save(
        Organisation,
        (
            Organisation(
                kind=Kind.CLIENT,
                name=f"Centre d'imagerie fictif {n:05}",
                city=f"Commune {n % 400:03}",
                finess=str(750_000_000 + n),
                search_text=plain(
                    f"Centre d'imagerie fictif {n:05}", f"Commune {n % 400:03}", f"{750000000 + n}"
                ),
            )
            for n in range(count)
        ),
    )


def _team(organisation: Organisation, roles: tuple[Role, ...]) -> list[User]:
    """No password: the benchmark opens their sessions itself."""
    people = save(
        User,
        [
            User(
                email=f"personne{n}.org{organisation.pk}@programme.example",
                full_name=f"Personne {n} {organisation.name}",
            )
            for n in range(len(roles))
        ],
    )
    save(
        Membership,
        [
            Membership(user=user, organisation=organisation, role=role)
            for user, role in zip(people, roles, strict=True)
        ],
    )
    return people


def _solutions(size: Size, editeurs: list[Organisation]) -> list[Solution]:
    dispositifs = list(Dispositif.objects.order_by("pk"))
    return save(
        Solution,
        (
            Solution(
                organisation=editeurs[n // 2 % len(editeurs)],
                dispositif=dispositifs[n % 2],
                name=f"Solution {n:04}",
                proxy_name=f"Proxy {n:04}" if dispositifs[n % 2].needs_proxy else "",
                referenced_on=size.days_ago(300).date() if n % 5 else None,
                search_text=plain(f"Solution {n:04}"),
            )
            for n in range(size.of(SOLUTIONS))
        ),
    )


def _suppliers(
    size: Size, solutions: list[Solution], sellers: list[Organisation]
) -> dict[int, list[Supplier]]:
    """Of each solution, its éditeur and a distributeur; one mandate in twenty has ended."""
    day = size.now.date()
    rows = []
    for n, solution in enumerate(solutions):
        until = day + dt.timedelta(days=-20 if n % 20 == 0 else 400)
        begun = {"mandate_from": day - dt.timedelta(days=400), "mandate_until": until}
        rows += [
            Supplier(organisation=solution.organisation, solution=solution, **_psc(day, 400)),
            Supplier(
                organisation=sellers[n // 2 % len(sellers)],
                solution=solution,
                declared_on=day - dt.timedelta(days=300),
                **begun,
                **_psc(day, 400),
            ),
        ]
    found: dict[int, list[Supplier]] = {}
    for supplier in save(Supplier, rows):
        found.setdefault(supplier.solution_id, []).append(supplier)
    return found


def _psc(day: dt.date, days: int) -> dict[str, dt.date]:
    return {"psc_from": day - dt.timedelta(days=days), "psc_until": day + dt.timedelta(days=days)}


def _prestations(
    size: Size,
    solutions: list[Solution],
    suppliers: dict[int, list[Supplier]],
    clients: list[Organisation],
) -> Iterator[Prestation]:
    """Each Fournisseur takes its Clients one after the other, from a place of its own."""
    taken: Counter[tuple[int, int]] = Counter()
    for solution in solutions:
        for n in range(PRESTATIONS_OF_EACH):
            supplier = suppliers[solution.pk][n % 2]
            key = supplier.organisation_id, solution.dispositif_id
            place = (supplier.organisation_id * 37 + taken[key]) % len(clients)
            taken[key] += 1
            yield Prestation(
                supplier=supplier,
                organisation_id=supplier.organisation_id,
                dispositif_id=solution.dispositif_id,
                client=clients[place],
                order_reference=f"BDC-{solution.pk}-{n}",
                ordered_on=size.days_ago(500).date(),
                created_at=size.days_ago(500),
            )
