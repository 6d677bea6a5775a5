"""A statement as CSV: one line for each part of each outage, in both readings. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from perf.display import words
from perf.engine.instants import duration_text
from perf.statements.document import StatedOutage, StatementDocument
from segur.lib.tables import Cell, to_csv

HEADER = (
    "relevé",
    "numéro",
    "lecture",
    "lecture retenue",
    "source",
    "référence",
    "cause",
    "nature",
    "situation",
    "début",
    "fin",
    "partie de",
    "partie à",
    "durée",
    "durée en microsecondes",
    "comptée",
    "raison",
)


def table(document: StatementDocument) -> bytes:
    """An outage of no length has one line without a part."""
    return to_csv(HEADER, _rows(document))


def _rows(document: StatementDocument) -> Iterator[list[Cell]]:
    for outage in document.outages:
        for base, parts in outage.parts.items():
            about: list[Cell] = [
                document.number,
                outage.number,
                words.READINGS[base],
                _yes(base == document.base),
                *_counting_version(outage),
                outage.nature,
                outage.standing,
                outage.start,
                outage.end or "en cours",
            ]
            for part in parts:
                length = duration_text(part.length)
                yield [
                    *about,
                    part.start,
                    part.end,
                    length,
                    part.length,
                    _yes(part.counts),
                    part.reason,
                ]
            if not parts:
                yield [*about, None, None, duration_text(0), 0, "non", "durée nulle"]


def _counting_version(outage: StatedOutage) -> list[Cell]:
    found = next((item for item in outage.versions if item["counts"]), None)
    return [found[key] for key in ("source", "reference", "cause")] if found else [None] * 3


def _yes(value: bool) -> str:
    return "oui" if value else "non"
