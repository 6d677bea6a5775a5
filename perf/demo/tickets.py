"""Support tickets of the demonstration: whatever the hour, some run and some are closed."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from calendar_app.demo import cast
from calendar_app.demo.market import Scene
from calendar_app.models import Prestation
from journal.rules.by import By
from perf.demo.clock import at, open_since
from perf.engine.instants import HOUR, MINUTE
from perf.models import Service
from perf.services.tickets import open_ticket
from segur.lib.workdays import days_before

MAIN, OTHER = "Radiolune Passerelle", "Plume DRIMbox"


@dataclass(frozen=True)
class Running:
    """Open time elapsed since the declaration, and from it to the response (None: none yet)."""

    subject: str
    elapsed: int
    response: int | None


RUNNING = (
    Running("Les images n'arrivent plus dans le portail", 22 * MINUTE, None),
    Running("Appel contextuel refusé pour un utilisateur PSC", 3 * HOUR + 15 * MINUTE, 10 * MINUTE),
    Running("Lenteur à l'ouverture des examens", 4 * MINUTE, None),
    Running("KOS absent pour les examens d'hier", 2 * HOUR, None),
)
CLOSED = (
    (MAIN, 4, "Certificat du proxy expiré", 3, ("10:05", "10:20", "11:40")),
    (MAIN, 5, "Service arrêté après une coupure de courant", 6, ("09:10", "09:55", "15:30")),
    (OTHER, 0, "Compte-rendu non transmis à la DRIMbox", 4, ("14:00", "14:12", "16:00")),
)
"""Whose, which prestation, what, how many working days ago, and the three instants of that day."""


def tell_tickets(scene: Scene, prestations: dict[str, list[Prestation]]) -> None:
    for place, running in enumerate(RUNNING):
        now, answer = scene.now, running.response
        _open(
            scene,
            prestations[MAIN][place],
            reference=f"INC-{4150 + place}",
            subject=running.subject,
            opened_at=open_since(now, running.elapsed),
            responded_at=None if answer is None else open_since(now, running.elapsed - answer),
        )
    for number, (whose, place, subject, back, hours) in enumerate(CLOSED):
        opened_at, responded_at, restored_at = (
            at(days_before(scene.today, back), hour) for hour in hours
        )
        _open(
            scene,
            prestations[whose][place],
            reference=f"INC-{4120 + number}",
            subject=subject,
            opened_at=opened_at,
            responded_at=responded_at,
            restored_at=restored_at,
        )


def _open(
    scene: Scene,
    prestation: Prestation,
    *,
    reference: str,
    subject: str,
    opened_at: dt.datetime,
    responded_at: dt.datetime | None,
    restored_at: dt.datetime | None = None,
) -> None:
    ours = prestation.organisation.name == cast.EDITEUR
    open_ticket(
        service=Service.objects.get(prestation=prestation),
        reference=reference,
        subject=subject,
        opened_at=opened_at,
        responded_at=responded_at,
        restored_at=restored_at,
        by=By.person(scene.by(cast.SALARIE if ours else cast.THIRD), scene.now),
    )
