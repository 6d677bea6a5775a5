"""The portfolio of the demonstration: realisations over two months, amounts, a margin."""

from __future__ import annotations

import datetime as dt

from calendar_app.demo import cast
from calendar_app.demo.market import Scene
from calendar_app.demo.story import file_now
from calendar_app.enums import Channel
from calendar_app.models import Prestation
from calendar_app.services.amounts import amounts_set, plan_amounts, record_amounts
from calendar_app.services.margins import margin_set
from calendar_app.services.suppliers import supplier_update
from journal.rules.by import By

WEEK = dt.timedelta(weeks=1)
REALISED = (
    ("Radiolune RIS", 6, 7),
    ("Radiolune RIS", 7, 5),
    ("Radiolune RIS", 8, 2),
    ("Radiolune Passerelle", 3, 6),
)
"""Whose, which of its prestations, and how many weeks ago."""
PSC_ENDS = dt.date(2027, 11, 30)
ADVANCE, BALANCE = 3_000_00, 7_000_00
STEP = 250_00


def tell(scene: Scene, prestations: dict[str, list[Prestation]]) -> None:
    """The éditeur realises too slowly for its DRIMbox, whose soldes are at risk: its habilitation
    ends two weeks before. The amounts of one prestation are missing, and those of the distributeur
    without a mandate are blocked."""
    drimbox = prestations["Radiolune Passerelle"][0].supplier
    supplier_update(
        supplier=drimbox,
        psc_from=drimbox.psc_from,
        psc_until=PSC_ENDS,
        by=By.person(scene.by(cast.MANDATAIRE), scene.now),
    )
    for whose, place, weeks in REALISED:
        realised = (
            prestations[whose][place].deadlines.open().filter(milestone__channel=Channel.NONE)
        )
        if deadline := realised.with_subject().first():
            file_now(deadline, scene, at=scene.now - weeks * WEEK)
    for person, names in (
        (cast.REPRESENTANT, ("Radiolune RIS", "Radiolune Passerelle")),
        (cast.DISTRIBUTEUR, (cast.LAPSED,)),
    ):
        _record(scene, person, [one for name in names for one in prestations[name]][:-1])
    by = By.person(scene.by(cast.REPRESENTANT), scene.now)
    margin_set(scene.organisations[cast.EDITEUR], days=15, by=by)
    amounts_set(
        prestations["Radiolune RIS"][4],
        advance=ADVANCE,
        balance=BALANCE,
        advance_paid_on=scene.today - dt.timedelta(days=5),
        by=by,
    )


def _record(scene: Scene, person: cast.Person, prestations: list[Prestation]) -> None:
    text = "\n".join(
        f"{one.client.finess};{one.dispositif.short_name};"
        f"{(ADVANCE + place * STEP) // 100};{(BALANCE + place * STEP) // 100}"
        for place, one in enumerate(prestations)
    )
    by = By.person(scene.by(person), scene.now)
    record_amounts(planned=plan_amounts(prestations[0].organisation, text), by=by)
