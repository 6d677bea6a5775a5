"""Outages as rows of a file: one a version, what each source says and what became of it."""

from __future__ import annotations

from collections.abc import Iterator

from perf.outage_file import EXPORTED, OPTIONAL, REQUIRED
from perf.querysets import OutageVersionQuerySet
from segur.lib.tables import Cell

CSV_HEADER = (*REQUIRED, *OPTIONAL, *EXPORTED)
"""That of the import: the file can be corrected and read again."""
XLSX_HEADER = (
    "Service",
    "Début (heure de Paris)",
    "Fin (heure de Paris)",
    "Source",
    "Référence",
    "Cause",
    "Nature",
    "Client",
    "Situation",
    "Version comptée",
)


def outage_cells(versions: OutageVersionQuerySet) -> Iterator[list[Cell]]:
    rows = versions.select_related("outage", "service__prestation__client")
    for version in rows.order_by("service__code", "started_at", "pk").iterator():
        outage = version.outage
        counts = outage.counting_id == version.pk
        yield [
            version.service.code,
            version.started_at,
            version.ended_at,
            version.source,
            version.reference,
            version.cause,
            outage.nature if counts else None,
            version.service.prestation.client.name,
            outage.get_standing_display(),
            "oui" if counts else "non",
        ]
