"""PERFm and PERFe of the demonstration: some months without téléradiologie, some missing."""

from __future__ import annotations

import datetime as dt

from calendar_app.demo import cast
from calendar_app.demo.market import Scene
from calendar_app.models import Prestation
from journal.rules.by import By
from perf.enums import Indicator
from perf.services.ratios import ratio_record

MAIN, OTHER = "Radiolune RIS", "Brumaire RIS"
ENTERED = 4
MONTHS = 6


def tell_ratios(scene: Scene, prestations: dict[str, list[Prestation]]) -> None:
    rows = [*prestations[MAIN][:ENTERED], prestations[OTHER][0]]
    for place, prestation in enumerate(rows):
        for back, month in enumerate(_months(scene.today)):
            for indicator in Indicator:
                if back == place:
                    continue
                _enter(scene, prestation, indicator, month, seed=7 * place + 3 * back)


def _months(today: dt.date) -> list[dt.date]:
    """The months that are over, the latest first."""
    found, day = [], today
    for _ in range(MONTHS):
        day = day.replace(day=1) - dt.timedelta(days=1)
        found.append(day)
    return found


def _enter(
    scene: Scene, prestation: Prestation, indicator: Indicator, month: dt.date, *, seed: int
) -> None:
    local = 1180 + 31 * seed
    remote = 0 if seed % 2 else 240 + 5 * seed
    missed = 12 if indicator == Indicator.PERFM else 90
    ours = prestation.organisation.name == cast.EDITEUR
    ratio_record(
        prestation=prestation,
        indicator=indicator,
        month=month,
        local_numerator=local - missed - seed,
        local_denominator=local,
        remote_numerator=remote - remote // 10,
        remote_denominator=remote,
        by=By.person(scene.by(cast.SALARIE if ours else cast.OTHER), scene.now),
    )
