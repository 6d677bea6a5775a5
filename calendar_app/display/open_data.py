"""The programme as open data: the tables that name nobody, small counts hidden."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Any

from pydantic import BaseModel, Field

from calendar_app.rules.board import BoardRow, BoardSection, BoardTable
from calendar_app.rules.datasets import OpenDocument
from calendar_app.rules.disclosure import THRESHOLD, disclosed
from segur.lib import paris
from segur.lib.tables import Cell

HIDDEN = "masqué"
HEADER = ("Tableau", "Ligne", "Colonne", "Nombre", "Compté le (heure de Paris)")


class Ligne(BaseModel):
    nom: str
    note: str | None
    nombres: dict[str, int | None] = Field(description="Par colonne ; null : masqué.")


class Tableau(BaseModel):
    code: str
    titre: str
    ligne: str = Field(description="Ce qu'est une ligne.")
    lignes: list[Ligne]


class Programme(OpenDocument):
    """L'avancement du programme, sans nommer personne."""

    compte_le: dt.datetime
    seuil: int = Field(description="En dessous, un nombre est masqué.")
    tableaux: list[Tableau]


def public_tables(sections: Sequence[BoardSection]) -> list[BoardTable]:
    return [table for section in sections for table in section.tables if table.is_public]


def shown(table: BoardTable, row: BoardRow) -> list[tuple[str, int | None]]:
    """(column, count) of the columns that count; None for a hidden one."""
    counted = [
        (column, cell)
        for column, cell in zip(table.columns, row.cells, strict=True)
        if cell.count is not None
    ]
    parts = counted[:-1] if table.has_total else counted
    counts = disclosed(
        [cell.count or 0 for _column, cell in counted],
        known=[cell.is_known for _column, cell in parts],
        has_total=table.has_total,
    )
    return [(column, count) for (column, _cell), count in zip(counted, counts, strict=True)]


def document(
    sections: Sequence[BoardSection], *, made_at: dt.datetime, page: str
) -> dict[str, Any]:
    """What `/programme.json` says; a hidden count is null."""
    title = "Programme Ségur Vague 2 Imagerie : avancement"
    return {
        **OpenDocument(titre=title, page=page).model_dump(),
        "compte_le": paris.local(made_at).isoformat(timespec="seconds"),
        "seuil": THRESHOLD,
        "tableaux": [
            {
                "code": table.code,
                "titre": table.caption,
                "ligne": table.head,
                "lignes": [
                    {"nom": row.label, "note": row.note or None, "nombres": dict(shown(table, row))}
                    for row in table.rows
                ],
            }
            for table in public_tables(sections)
        ],
    }


def lines(sections: Sequence[BoardSection], *, made_at: dt.datetime) -> Iterator[list[Cell]]:
    """One line for each count, for a spreadsheet."""
    for table in public_tables(sections):
        for row in table.rows:
            for column, count in shown(table, row):
                yield [
                    table.caption,
                    row.label,
                    column,
                    HIDDEN if count is None else count,
                    made_at,
                ]
