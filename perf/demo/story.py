"""What happened to the DRIMbox of the demonstration: a prestation of each kind that one meets.

One outage goes on, on a prestation close to its first threshold: the instant at which PERF falls if
it continues is what that page is for.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from accounts.models import User
from calendar_app.demo import cast
from calendar_app.demo.market import Scene
from calendar_app.demo.paper import pdf
from calendar_app.models import Prestation
from documents.services.uploads import MadeHere
from journal.rules.by import By
from perf.demo.clock import at, day_of_the_year, open_since
from perf.demo.statements import issue_twice
from perf.engine.instants import HOUR, MINUTE
from perf.enums import OutageNature, OutageStanding, Source
from perf.models import Outage, Service
from perf.services.decisions import contest, decide, seen
from perf.services.outages import record
from perf.services.services import service_save
from segur.lib.workdays import days_before

MAIN, OTHER = "Radiolune Passerelle", "Plume DRIMbox"
SPEAKERS = {
    MAIN: cast.REPRESENTANT,
    cast.BARE: cast.TWO_HATS,
    OTHER: cast.THIRD,
}
"""Who records for the Fournisseur of these prestations."""

UNDECLARED = 9
"""Prestations of the main éditeur with a story; the tenth has no service yet."""

ONGOING = HOUR + 10 * MINUTE
CAUSES = (
    "Redémarrage du proxy après une mise à jour",
    "Lenteurs, puis délais dépassés à l'appel contextuel",
    "Certificat du serveur expiré",
    "Liaison du site coupée par l'opérateur",
    "Base de données saturée",
)


@dataclass(frozen=True)
class Teller:
    """Records what happens to one service."""

    scene: Scene
    service: Service
    speaker: User

    def outage(
        self,
        start: dt.datetime,
        end: dt.datetime | None,
        cause: str,
        *,
        source: Source = Source.ANS,
        nature: OutageNature = OutageNature.OUTAGE,
        beside: Outage | None = None,
    ) -> Outage:
        """Recorded ten minutes after its end, or as soon as it is known."""
        actor = self.scene.by(cast.AGENT) if source == Source.ANS else self.speaker
        later = (end or start) + dt.timedelta(minutes=10)
        recorded = record(
            service=self.service,
            source=source,
            reference=f"{source}-{start:%Y%m%d-%H%M}-{self.service.pk}",
            started_at=start,
            ended_at=end,
            cause=cause,
            nature=nature,
            by=By.person(actor, min(later, self.scene.now)),
            outage=beside,
        )
        return recorded.version.outage

    def shorten(self, outage: Outage, *, by: int) -> None:
        """The Fournisseur corrects its version: that waits for the ANS."""
        version = outage.versions.get()
        record(
            service=self.service,
            source=version.source,
            reference=version.reference,
            started_at=version.started_at,
            ended_at=outage.ended_at and outage.ended_at - dt.timedelta(microseconds=by),
            cause=version.cause,
            by=By.person(self.speaker, self.scene.now),
        )

    def on(
        self,
        back: int,
        start: str,
        end: str,
        cause: str,
        *,
        source: Source = Source.ANS,
        nature: OutageNature = OutageNature.OUTAGE,
    ) -> Outage:
        """On the `back`-th working day before today."""
        day = days_before(self.scene.today, back)
        return self.outage(at(day, start), at(day, end), cause, source=source, nature=nature)


def tell(scene: Scene, prestations: dict[str, list[Prestation]]) -> None:
    """Services and outages of every DRIMbox prestation but one, which has to be declared yet."""
    undeclared = prestations[MAIN][UNDECLARED]
    tellers = {
        name: [
            _declare(scene, row, scene.by(person)) for row in prestations[name] if row != undeclared
        ]
        for name, person in SPEAKERS.items()
    }
    main = tellers[MAIN]
    stories = (
        _about_to_fall,
        _contested,
        _not_retained,
        _maintained,
        _overlapping,
        _unmeasured,
        _fallen,
        _nothing,
        _eventful,
    )
    for story, teller in zip(stories, main, strict=False):
        story(teller)
    _two_readings(tellers[OTHER][0])
    for place, teller in enumerate([*tellers[cast.BARE], *tellers[OTHER][1:], *main[UNDECLARED:]]):
        _ordinary(teller, place)
    judged = main[stories.index(_not_retained)]
    issue_twice(judged.service, by=By.person(judged.speaker, scene.now))


def _declare(scene: Scene, prestation: Prestation, actor: User) -> Teller:
    finess = prestation.client.finess
    service = service_save(
        prestation,
        code=f"drimbox-{finess}",
        probe_id=f"sonde-{finess}",
        by=By.person(scene.by(cast.AGENT), scene.now),  # who says which probe
    )
    return Teller(scene, service, actor)


def _about_to_fall(teller: Teller) -> None:
    """8 h 40 min of open time, and it goes on."""
    day = day_of_the_year(teller.scene.today, 18)
    storage = "Panne du stockage des images, bascule manuelle"
    teller.outage(at(day, "10:00"), at(day, "17:30"), storage)
    start = open_since(teller.scene.now.replace(second=0, microsecond=0), ONGOING)
    cause = "Le proxy ne répond plus aux appels contextuels"
    teller.outage(start, None, cause, source=Source.SUPPLIER)


def _contested(teller: Teller) -> None:
    """12 h with what is contested, 2 h without."""
    teller.on(30, "14:00", "16:00", CAUSES[0], source=Source.SUPPLIER)
    outage = teller.on(12, "09:00", "19:00", "Hors service vu par deux sondes")
    day = days_before(teller.scene.today, 12)
    teller.outage(
        at(day, "09:00"),
        at(day, "11:30"),
        "Journal du proxy : 412 appels servis entre 11h30 et 19h",
        source=Source.SUPPLIER,
        beside=outage,
    )
    contest(
        outage,
        proofs=[_journal()],
        reason="Le service répondait depuis 11h30 : la sonde visait une ancienne adresse.",
        by=By.person(teller.speaker, teller.scene.now),
    )


def _journal() -> MadeHere:
    """The piece that comes with the contestation."""
    content = pdf("Journal du proxy (données fictives)", "11h30 à 19h : 412 appels servis")
    return MadeHere("journal-du-proxy.pdf", content, content_type="application/pdf")


def _not_retained(teller: Teller) -> None:
    """Contested, then set aside by another agent than the one who recorded it."""
    outage = teller.on(25, "11:00", "15:40", "Hors service vu par une sonde")
    contest(
        outage,
        reason="Maintenance du réseau de la supervision, annoncée la veille par l'ANS.",
        by=By.person(teller.speaker, teller.scene.now),
    )
    decide(
        outage,
        standing=OutageStanding.NOT_RETAINED,
        version=None,
        nature=outage.nature,
        reason="La sonde ne joignait aucun service du réseau à ces heures : l'indisponibilité "
        "n'est pas celle de la DRIMbox.",
        read=seen(list(outage.versions.all())),
        by=By.person(teller.scene.by(cast.RESPONSABLE), teller.scene.now),
    )
    teller.on(8, "09:20", "10:05", CAUSES[2], source=Source.CLIENT)


def _maintained(teller: Teller) -> None:
    """One maintenance done in the evening, one announced."""
    stop = OutageNature.MAINTENANCE
    teller.on(15, "18:30", "20:30", "Passage en 2.1.3", source=Source.SUPPLIER, nature=stop)
    day = teller.scene.today + dt.timedelta(days=9)
    teller.outage(
        at(day, "20:00"),
        at(day, "23:00"),
        "Passage en 2.1.4",
        source=Source.SUPPLIER,
        nature=stop,
    )


def _overlapping(teller: Teller) -> None:
    """Two sources, two references, one same morning: three hours, not four."""
    teller.on(6, "10:00", "12:00", CAUSES[3])
    teller.on(6, "11:00", "13:00", "Signalée par le service d'imagerie", source=Source.CLIENT)


def _unmeasured(teller: Teller) -> None:
    teller.on(20, "08:00", "16:00", "Sonde arrêtée", nature=OutageNature.UNMEASURED)
    teller.on(4, "17:15", "18:05", CAUSES[1])


def _fallen(teller: Teller) -> None:
    """More than 20 h: PERF 0."""
    for back, cause in ((40, CAUSES[4]), (39, CAUSES[4])):
        teller.on(back, "09:00", "19:00", cause)
    outage = teller.on(10, "14:00", "14:45", CAUSES[1], source=Source.SUPPLIER)
    teller.shorten(outage, by=20 * MINUTE)


def _nothing(_teller: Teller) -> None:
    """Declared, and never out."""


def _eventful(teller: Teller) -> None:
    """Many short ones, spread over the year."""
    for place in range(40):
        start = 9 * 60 + 17 * (place % 30)
        end = start + 3 + place % 11
        teller.on(3 + 5 * place, _hour(start), _hour(end), CAUSES[place % len(CAUSES)])


def _two_readings(teller: Teller) -> None:
    """Out from an evening to a morning: few open hours, many by the clock."""
    scene = teller.scene
    first, second = days_before(scene.today, 9), days_before(scene.today, 8)
    teller.outage(at(first, "18:00"), at(second, "10:00"), CAUSES[3])


def _ordinary(teller: Teller, place: int) -> None:
    """One or two outages, some hours apart from one prestation to the next."""
    backs: Sequence[int] = (5 + place % 40, 50 + place % 60)
    for back in backs[: 1 + place % 2]:
        start = 60 * (9 + place % 7)
        end = start + 40 + 17 * (place % 9)
        teller.on(back, _hour(start), _hour(end), CAUSES[place % len(CAUSES)])


def _hour(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"
