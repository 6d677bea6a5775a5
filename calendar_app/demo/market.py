"""Solutions, Fournisseurs and prestations of the demonstration, through their services."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import cycle, islice

from accounts.models import Organisation, User
from calendar_app.demo import cast
from calendar_app.enums import Market
from calendar_app.models import Dispositif, Prestation, Solution, Supplier
from calendar_app.services.prestations import prestation_create
from calendar_app.services.solutions import solution_create
from calendar_app.services.suppliers import RightsFields, supplier_create, supplier_update
from journal.rules.by import By
from segur.lib import paris

LONG_NAME = (
    "Groupement de coopération sanitaire d'imagerie médicale et de médecine nucléaire des vallées "
    "fictives de l'Arrière-Pays"
)


@dataclass(frozen=True)
class Scene:
    """What the story needs at hand."""

    now: dt.datetime
    organisations: dict[str, Organisation]
    users: dict[str, User]
    clients: list[Organisation]

    @property
    def today(self) -> dt.date:
        return paris.day(self.now)

    def by(self, person: cast.Person) -> User:
        return self.users[person.email]


def client_names(count: int) -> tuple[str, ...]:
    """The cast, and as many long names as it takes to have `count`."""
    extra = (f"{LONG_NAME} n° {number}" for number in range(len(cast.CLIENTS), count))
    return (*cast.CLIENTS, *extra)


def create_solutions(scene: Scene) -> dict[str, Solution]:
    referenced = dt.date(2026, 9, 8)
    table = (
        ("ris", cast.EDITEUR, cast.MANDATAIRE, "Radiolune RIS", "4.2", ""),
        ("drimbox", cast.EDITEUR, cast.MANDATAIRE, "Radiolune Passerelle", "2.1", "Relais Lune"),
        ("ris", cast.OTHER_EDITEUR, cast.OTHER, "Brumaire RIS", "2026.3", ""),
        ("drimbox", cast.THIRD_EDITEUR, cast.THIRD, "Plume DRIMbox", "1.0", "Encre Proxy"),
    )
    return {
        name: solution_create(
            organisation=scene.organisations[organisation],
            dispositif=Dispositif.objects.get(slug=slug),
            name=name,
            version=version,
            proxy_name=proxy,
            proxy_version="1.4" if proxy else "",
            market=Market.COMPETITIVE,
            referenced_on=referenced,
            reference_number=f"FICTIF-{number:03}",
            by=By.person(scene.by(person), scene.now),
        )
        for number, (slug, organisation, person, name, version, proxy) in enumerate(table, 1)
    }


def lapsed_on(scene: Scene) -> dt.date:
    """The last day of the mandate that has lapsed."""
    return scene.today - dt.timedelta(days=40)


def create_suppliers(scene: Scene, solutions: dict[str, Solution]) -> dict[str, Supplier]:
    """Complete rights for the éditeurs; one distributeur's mandate has lapsed and its
    habilitation ends soon, one has none."""
    since, until = dt.date(2025, 9, 1), scene.today + dt.timedelta(days=800)
    suppliers = {name: _own(scene, solution, since, until) for name, solution in solutions.items()}
    lapsed: RightsFields = {
        "declared_on": since,
        "mandate_from": since,
        "mandate_until": lapsed_on(scene),
        "psc_from": since,
        "psc_until": scene.today + dt.timedelta(days=40),
    }
    actor = scene.by(cast.MANDATAIRE)
    for distributeur, solution, rights in (
        (cast.LAPSED, "Radiolune RIS", lapsed),
        (cast.BARE, "Radiolune Passerelle", RightsFields()),
    ):
        suppliers[distributeur] = supplier_create(
            solution=solutions[solution],
            organisation=scene.organisations[distributeur],
            by=By.person(actor, scene.now),
            **rights,
        )
    return suppliers


def _own(scene: Scene, solution: Solution, since: dt.date, until: dt.date) -> Supplier:
    """The éditeur's own row came with the solution; its habilitation is to be added."""
    return supplier_update(
        supplier=solution.suppliers.get(),
        psc_from=since,
        psc_until=until,
        by=By.person(scene.by(cast.MANDATAIRE), scene.now),
    )


def create_prestations(
    scene: Scene, suppliers: dict[str, Supplier], extra: int
) -> dict[str, list[Prestation]]:
    """About forty, each Client served once per dispositif; `extra` more for the main éditeur."""
    ris, drimbox = iter(scene.clients), iter(scene.clients)
    plan = (
        ("Radiolune RIS", ris, 11, cast.REPRESENTANT),
        (cast.LAPSED, ris, 6, cast.DISTRIBUTEUR),
        ("Brumaire RIS", ris, 5, cast.OTHER),
        ("Radiolune Passerelle", drimbox, 10, cast.REPRESENTANT),
        (cast.BARE, drimbox, 4, cast.TWO_HATS),
        ("Plume DRIMbox", drimbox, 4, cast.THIRD),
    )
    made = {
        name: [
            _prestation(scene, suppliers[name], client, person) for client in islice(clients, count)
        ]
        for name, clients, count, person in plan
    }
    main = cycle((("Radiolune RIS", ris), ("Radiolune Passerelle", drimbox)))
    for name, clients in islice(main, extra):
        made[name].append(_prestation(scene, suppliers[name], next(clients), cast.REPRESENTANT))
    return made


def _prestation(
    scene: Scene, supplier: Supplier, client: Organisation, person: cast.Person
) -> Prestation:
    number = int(client.finess[2:])
    return prestation_create(
        supplier=supplier,
        client=client,
        order_reference=f"BDC-FICTIF-{number:04}",
        ordered_on=dt.date(2026, 1 + number % 9, 1 + number % 28),
        by=By.person(scene.by(person), scene.now),
    )


def all_of(prestations: dict[str, list[Prestation]]) -> Iterator[Prestation]:
    for rows in prestations.values():
        yield from rows
