"""The overview as a file: instants with their offset, durations to the microsecond."""

from perf import words
from perf.engine.instants import duration_text
from perf.figures import Figure
from perf.periods import ObservationPeriod
from perf.selectors.overview import Row
from segur.lib.tables import Cell

HEADER = (
    "client",
    "finess",
    "solution",
    "fournisseur",
    "service",
    "periode_debut",
    "periode_fin",
    "base",
    "df",
    "perf",
    "df_autre_lecture",
    "perf_autre_lecture",
    "df_sans_contestees",
    "budget_restant",
    "pannes_contestees",
    "panne_en_cours",
    "suivi_depuis",
)


def cells(row: Row, period: ObservationPeriod) -> list[Cell]:
    def figures(figure: Figure | None) -> list[Cell]:
        return [duration_text(figure.counted), words.perf(figure.perf)] if figure else [None, None]

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
        duration_text(row.uncontested.counted) if row.uncontested else None,
        None if row.left is None else duration_text(row.left),
        row.contested,
        "oui" if row.is_open else "non",
        row.since,
    ]
