"""The VA of the demonstration: whatever the day, one of each situation."""

from __future__ import annotations

import datetime as dt

from calendar_app.demo import cast
from calendar_app.demo.market import Scene
from calendar_app.demo.paper import pdf
from calendar_app.models import Prestation
from documents.services.uploads import MadeHere
from journal.rules.by import By
from pilots.checklists.services import load_checklists
from pilots.enums import VACase
from pilots.va.models import VA
from pilots.va.rules.va import VADeclaration
from pilots.va.services.va import record
from pilots.va.services.va_clock import notify, validate
from segur.lib import paris

MAIN = "Radiolune Passerelle"
TEN = dt.time(10)


def tell_va(scene: Scene, prestations: dict[str, list[Prestation]]) -> None:
    """All verified; awaiting the RIS; two months that run; validated late."""
    load_checklists()
    verified, awaiting, running, late = prestations[MAIN][1:5]
    _sign(scene, verified, 45)
    _sign(scene, awaiting, 26, "db-cr")
    va = _sign(scene, running, 70, "db-cr", "db-appel", "formation")
    _notify(scene, va, 20)
    _validate(scene, va, "formation", 4)
    va = _sign(scene, late, 150, "db-cr", "db-appel")
    _notify(scene, va, 95)
    _validate(scene, va, "db-cr", 60)
    _validate(scene, va, "db-appel", 30)


def _sign(scene: Scene, prestation: Prestation, ago: int, *reported: str) -> VA:
    signed = _day(scene, ago)
    case_1 = not reported
    declared = VADeclaration(
        case=VACase.ALL_VERIFIED if case_1 else VACase.SOME_REPORTED,
        finalised_on=signed - dt.timedelta(days=5),
        ris_vague2_on=signed - dt.timedelta(days=90) if case_1 else None,
        signed_on=signed,
        signatory_name="Dr Hélène Sombreval",
        signatory_role="Directrice de l'imagerie",
        reported=frozenset(reported),
    )
    return record(
        prestation,
        declared=declared,
        proofs=[_paper("va-signee", f"VA de {prestation.client}", "Document fictif.")],
        by=By.person(scene.by(cast.REPRESENTANT), paris.at(signed, TEN)),
    )


def _notify(scene: Scene, va: VA, ago: int) -> None:
    day = _day(scene, ago)
    notify(
        va,
        notified=day,
        means="courriel",
        proofs=[_paper("notification", "Notre RIS est en Vague 2.", "Document fictif.")],
        by=By.person(scene.by(cast.REPRESENTANT), paris.at(day, TEN)),
    )


def _validate(scene: Scene, va: VA, code: str, ago: int) -> None:
    day = _day(scene, ago)
    validate(
        va.conditions.get(code=code),
        validated_on=day,
        proofs=[_paper("validation", "Condition validée.", "Document fictif.")],
        by=By.person(scene.by(cast.REPRESENTANT), paris.at(day, TEN)),
    )


def _day(scene: Scene, ago: int) -> dt.date:
    return scene.today - dt.timedelta(days=ago)


def _paper(name: str, *lines: str) -> MadeHere:
    return MadeHere(f"{name}.pdf", pdf(*lines))
