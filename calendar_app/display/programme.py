"""The programme on paper and as a workbook, for the ministry."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from calendar_app.rules.board import BoardCell as Figure
from calendar_app.rules.board import BoardPicture, BoardRow, BoardSection, BoardTable
from documents.pdf import make_pdf
from segur.lib import paris
from segur.lib.charts import CurveChart, Marker, Series, Stroke, curves
from segur.lib.numbers import whole
from segur.lib.tables import Cell

COUNT = "Nombre"
UPRIGHT = 2
"""A table of no more rows than this, and more columns, stands upright."""

ON_PAPER = 6
"""Rows of a table that names organisations."""


def chart(picture: BoardPicture) -> CurveChart | None:
    def day(text: str) -> dt.date:
        return dt.date.fromisoformat(text)

    series = [
        Series(line.label, Stroke(line.stroke), [(day(when), value) for when, value in line.points])
        for line in picture.lines
        if line.points
    ]
    marks = [Marker(mark.label, day(mark.day), is_legal=mark.is_legal) for mark in picture.marks]
    return curves(series, markers=marks)


ShownLine = tuple[BoardRow, list[tuple[str, Figure]]]
"""A row, and its cells with their columns."""


@dataclass(frozen=True)
class ShownTable:
    """A table as the page has it; `more` rows are not shown."""

    table: BoardTable
    columns: Sequence[str]
    lines: list[ShownLine]
    more: int


def shown(table: BoardTable, *, whole: bool) -> ShownTable:
    """A table of few rows that name nobody, and many columns, stands upright."""
    names_somebody = any(row.url for row in table.rows)
    if len(table.columns) > UPRIGHT >= len(table.rows) > 0 and not names_somebody:
        return _upright(table)
    rows = table.rows if whole or not table.shown else table.rows[: table.shown]
    lines = [(row, list(zip(table.columns, row.cells, strict=True))) for row in rows]
    return ShownTable(table, table.columns, lines, len(table.rows) - len(rows))


def _upright(table: BoardTable) -> ShownTable:
    heads = [COUNT] if len(table.rows) == 1 else [row.label for row in table.rows]
    lines = []
    for place, column in enumerate(table.columns):
        cells = [row.cells[place] for row in table.rows]
        lines.append((BoardRow(column, cells), list(zip(heads, cells, strict=True))))
    return ShownTable(table, heads, lines, 0)


def programme_pdf(sections: Sequence[BoardSection], *, made_at: dt.datetime) -> bytes:
    """One page. Raises what `make_pdf` raises."""
    data = {
        "made": f"{paris.minute(made_at)} (heure de Paris)",
        "sections": [_section(section) for section in sections],
    }
    return make_pdf("programme", data, at=made_at)


def _section(section: BoardSection) -> dict[str, Any]:
    return {
        "code": section.code,
        "title": section.title,
        "sentences": [
            *([section.sentence] if section.sentence else []),
            *(f"{one.title} : {one.sentence}" for one in section.pictures),
        ],
        "tables": [_table(table) for table in section.tables if table.rows and not table.is_folded],
    }


def _table(table: BoardTable) -> dict[str, Any]:
    rows = table.rows[:ON_PAPER] if table.shown else table.rows
    return {
        "head": table.head,
        "columns": list(table.columns),
        "rows": [[row.label, *(_words(cell) for cell in row.cells)] for row in rows],
        "more": max(0, len(table.rows) - len(rows)),
    }


def _words(cell: Figure) -> str:
    return cell.words if cell.count is None else whole(cell.count)


def sheets(
    sections: Sequence[BoardSection],
) -> Iterator[tuple[str, list[str], list[list[Cell]]]]:
    """(title, header, rows) of each table."""
    for section in sections:
        for table in section.tables:
            header = [table.head, "Précision", *table.columns]
            rows: list[list[Cell]] = [
                [row.label, row.note or None, *(_value(cell) for cell in row.cells)]
                for row in table.rows
            ]
            yield (table.code, header, rows)


def _value(cell: Figure) -> Cell:
    return cell.words if cell.count is None else cell.count
