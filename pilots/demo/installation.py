"""Connectors, portals and a change of couple of the demonstration."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from accounts.models import User
from calendar_app.demo import cast
from calendar_app.demo.market import Scene
from calendar_app.demo.paper import pdf
from calendar_app.models import Prestation
from calendar_app.services.solutions import solution_update
from documents.services.uploads import MadeHere
from journal.rules.by import By
from pilots.enums import ConnectorKind, ConnectorState, PortalOutcome
from pilots.va.services.connectors import set_connector
from pilots.va.services.portals import absence_save, portal_save

RIS, DRIMBOX, OTHER = "Radiolune RIS", "Radiolune Passerelle", "Plume DRIMbox"
K, S = ConnectorKind, ConnectorState
NO_TELE = "Pas de téléradiologie chez ce Client."

BOARDS: tuple[tuple[str, int, dict[ConnectorKind, tuple[ConnectorState, int, str]]], ...] = (
    (RIS, 0, {kind: (S.VALIDATED, 40 - place, "") for place, kind in enumerate(ConnectorKind)}),
    (
        RIS,
        1,
        {
            K.DB_CR: (S.VALIDATED, 20, ""),
            K.DB_CALL: (S.TESTED, 12, "Reste à essayer avec la carte CPS d'un manipulateur."),
            K.PFI_CR: (S.VALIDATED, 19, ""),
            K.GAM_PAM: (S.VALIDATED, 25, ""),
            K.TELE_ORM: (S.NOT_CONCERNED, 25, NO_TELE),
            K.TELE_ORU: (S.NOT_CONCERNED, 25, NO_TELE),
        },
    ),
    (DRIMBOX, 0, {K.DB_CR: (S.VALIDATED, 33, ""), K.DB_CALL: (S.VALIDATED, 31, "")}),
    (DRIMBOX, 1, {K.DB_CR: (S.VALIDATED, 9, ""), K.DB_CALL: (S.TESTED, 8, "")}),
    (OTHER, 0, {K.DB_CR: (S.TESTED, 15, "")}),
)
"""Whose, which prestation; of each half-connector the state, how many days ago, the note."""


@dataclass(frozen=True)
class InstallationStory:
    """A portal: how many days ago the Client was informed, and what was done (None: not yet)."""

    whose: str
    place: int
    name: str
    informed: int | None
    outcome: PortalOutcome = PortalOutcome.PENDING
    done: int | None = None


PORTALS = (
    InstallationStory(DRIMBOX, 0, "Portail Patients", 120, PortalOutcome.INTEGRATES, 31),
    InstallationStory(
        DRIMBOX, 0, "Gravure et lien de partage", 120, PortalOutcome.DECOMMISSIONED, 14
    ),
    InstallationStory(DRIMBOX, 0, "Portail des correspondants", 120),
    InstallationStory(DRIMBOX, 1, "Portail Patients", None),
    InstallationStory(OTHER, 0, "Images en ligne", 60),
)


def tell_installations(scene: Scene, prestations: dict[str, list[Prestation]]) -> None:
    for whose, place, states in BOARDS:
        for kind, (state, back, note) in states.items():
            set_connector(
                prestations[whose][place],
                kind,
                state=state,
                on=_back(scene, back),
                note=note,
                proofs=[_paper(f"Essai de {kind.label}")] if state == S.VALIDATED else [],
                by=By.person(_who(scene, whose), scene.now),
            )
    for one in PORTALS:
        portal_save(
            prestations[one.whose][one.place],
            name=one.name,
            informed_on=_back(scene, one.informed),
            outcome=one.outcome,
            done_on=_back(scene, one.done),
            proofs=[_paper(one.name)] if one.outcome != PortalOutcome.PENDING else [],
            informed_proofs=[_paper("Message au Client")] if one.informed else [],
            by=By.person(_who(scene, one.whose), scene.now),
        )
    absence_save(
        prestations[DRIMBOX][2],
        stated_on=_back(scene, 21) or scene.today,
        note="Images remises sur CD, seul moyen de diffusion.",
        proofs=[_paper("Message du Client")],
        by=By.person(_who(scene, DRIMBOX), scene.now),
    )
    _change_couple(scene, prestations[DRIMBOX][0])


def _change_couple(scene: Scene, prestation: Prestation) -> None:
    """A new version of the proxy: what was validated before is to be looked at again."""
    solution_update(
        solution=prestation.supplier.solution,
        proxy_version="1.5",
        by=By.person(scene.by(cast.MANDATAIRE), scene.now),
    )


def _who(scene: Scene, whose: str) -> User:
    return scene.by(cast.THIRD if whose == OTHER else cast.SALARIE)


def _back(scene: Scene, days: int | None) -> dt.date | None:
    return None if days is None else scene.today - dt.timedelta(days=days)


def _paper(title: str) -> MadeHere:
    return MadeHere("preuve.pdf", pdf("Document fictif", title))
