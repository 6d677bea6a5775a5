"""PERFm and PERFe: the counts of one month, entered and corrected (DOMAIN §4)."""

from __future__ import annotations

import datetime as dt

from django.core.exceptions import ValidationError
from django.db import transaction

from calendar_app.models import Prestation
from journal.rules.by import By
from journal.services.acts import lock_row
from journal.services.changes import save_tracked
from journal.services.readings import check_fields
from perf.engine.hours import FIRST_YEAR, LAST_YEAR
from perf.enums import Indicator
from perf.models import Ratio
from segur.lib import paris

NOT_RIS = "PERFm et PERFe portent sur les comptes-rendus d'un RIS."
EMPTY = "Indiquez ce nombre : écrivez 0 s'il n'y en a aucun."
INCOMPLETE = (
    "Saisie incomplète : la part de téléradiologie (et de télémédecine nucléaire) manque. Sans CR "
    "de ce type, écrivez 0."
)
TOO_MANY = "Le numérateur dépasse le dénominateur."
FUTURE = "Ce mois est à venir : saisissez un mois commencé."
NO_YEAR = f"La saisie va de {FIRST_YEAR} à {LAST_YEAR} : relisez l'année."
MOST = 2_000_000_000
"""What the database can hold in one count."""
EXISTS = "exists"
PARTS = ("local", "remote")
COUNTS = [f"{part}_{name}" for part in PARTS for name in ("numerator", "denominator")]


@transaction.atomic
def ratio_record(
    *,
    prestation: Prestation,
    indicator: str,
    month: dt.date,
    by: By,
    **counts: int | None,
) -> Ratio:
    """Enter one month; `month` is any of its days, `counts` are the four of COUNTS. A month already
    entered is refused: it is to be corrected, and its history says so.
    """
    if not prestation.dispositif.has_ratios:
        raise ValidationError(NOT_RIS)
    first = month.replace(day=1)
    if wrong := month_problem(first, by.at):
        raise ValidationError({"month": wrong})
    if Ratio.objects.filter(prestation=prestation, indicator=indicator, month=first).exists():
        label = Indicator(indicator).label
        sentence = f"Ce mois est déjà saisi pour {label} : corrigez-le."
        raise ValidationError({"month": ValidationError(sentence, code=EXISTS)})
    return _save(Ratio(prestation=prestation, indicator=indicator, month=first), by=by, **counts)


@transaction.atomic
def ratio_correct(
    *,
    ratio: Ratio,
    read: str | None = None,
    by: By,
    **counts: int | None,
) -> Ratio:
    """Replace the counts of that month; the former ones stay in the history. `read` is the stamp of
    what the person read: see `readings`.
    """
    row = lock_row(ratio)
    check_fields(read, row, COUNTS, what="corrigé cette saisie")
    return _save(row, by=by, **counts)


def month_problem(first: dt.date, now: dt.datetime) -> str:
    """Why nothing is entered for the month of this first day; empty when it may be."""
    if not FIRST_YEAR <= first.year <= LAST_YEAR:
        return NO_YEAR
    return FUTURE if first > paris.day(now) else ""


def problems(**counts: int | None) -> dict[str, str]:
    """Field → French sentence; empty when these counts would be accepted."""
    wrong = {
        name: INCOMPLETE if name.startswith("remote") else EMPTY
        for name, count in counts.items()
        if count is None
    }
    for part in PARTS:
        numerator, denominator = (
            counts.get(f"{part}_{name}") for name in ("numerator", "denominator")
        )
        if numerator is not None and denominator is not None and numerator > denominator:
            wrong[f"{part}_numerator"] = TOO_MANY
    return wrong


def _save(ratio: Ratio, *, by: By, **counts: int | None) -> Ratio:
    if wrong := problems(**counts):
        raise ValidationError(dict(wrong))
    for name, count in counts.items():
        setattr(ratio, name, count)
    ratio.recorded_by, ratio.recorded_by_name, ratio.recorded_at = by.actor, by.name, by.at
    save_tracked(ratio, by=by)
    return ratio
