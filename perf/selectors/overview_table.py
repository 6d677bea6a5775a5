"""The overview as a file: real dates, numbers and durations, to the microsecond."""

import datetime as dt
from decimal import Decimal
from fractions import Fraction

from perf.rules.figures import Figure
from perf.rules.periods import ObservationPeriod
from perf.selectors.overview import OverviewRow
from segur.lib.tables import Cell

HEADER = (
    "Client",
    "FINESS",
    "Solution",
    "Fournisseur",
    "Service",
    "Début de la période (heure de Paris)",
    "Fin de la période (heure de Paris)",
    "Base de calcul",
    "D_f",
    "PERF",
    "D_f, autre base",
    "PERF, autre base",
    "D_f sans les contestées",
    "Budget restant",
    "Indisponibilités contestées",
    "Indisponibilité en cours",
    "Suivi depuis (heure de Paris)",
)


def cells(row: OverviewRow, period: ObservationPeriod) -> list[Cell]:
    def figures(figure: Figure | None) -> list[Cell]:
        return [_length(figure.counted), _decimal(figure.perf)] if figure else [None, None]

    return [
        row.client,
        row.finess,
        row.solution,
        row.organisation,
        row.code,
        period.start,
        period.end,
        row.base,
        *figures(row.figure),
        *figures(row.other),
        _length(row.uncontested.counted) if row.uncontested else None,
        None if row.left is None else _length(row.left),
        row.contested,
        "oui" if row.is_open else "non",
        row.since,
    ]


def _length(microseconds: int) -> dt.timedelta:
    return dt.timedelta(microseconds=microseconds)


def _decimal(perf: Fraction) -> Decimal:
    """0, 0.5 or 1."""
    return Decimal(perf.numerator) / perf.denominator
