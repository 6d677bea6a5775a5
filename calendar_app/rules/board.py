"""What the programme shows: sections of tables of figures, each with the list that it opens.

Plain values, kept as JSON: the page, the paper, the workbook and the open data are made of them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class BoardCell:
    """A count, or words; `url` opens the list of exactly those rows, "" where there is none.

    `is_known`: anybody counts it elsewhere, so that nothing is gained by hiding it.
    """

    count: int | None = None
    url: str = ""
    words: str = ""
    is_alarming: bool = False
    is_known: bool = False


@dataclass(frozen=True, slots=True)
class BoardRow:
    """`note` is a word under the label: the date of a milestone, the kind of an organisation."""

    label: str
    cells: Sequence[BoardCell]
    url: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class BoardTable:
    """`head` is what a row is. `is_public`: it names nobody, and is open data. `has_total`: the
    last column is the sum of the others. `shown`: how many rows the page shows at first.
    """

    code: str
    caption: str
    head: str
    columns: Sequence[str]
    rows: Sequence[BoardRow]
    is_public: bool = False
    has_total: bool = False
    shown: int = 0
    is_folded: bool = False
    empty: str = "Rien à montrer."


@dataclass(frozen=True, slots=True)
class BoardLine:
    """A curve of a picture: `points` are (ISO day, value); `stroke` is one of `charts.Stroke`."""

    label: str
    stroke: str
    points: Sequence[tuple[str, int]]


@dataclass(frozen=True, slots=True)
class BoardMark:
    """A day across a picture: today, or a legal date."""

    label: str
    day: str
    is_legal: bool


@dataclass(frozen=True, slots=True)
class BoardPicture:
    """Curves over days, and the sentence that they prove."""

    title: str
    sentence: str
    lines: Sequence[BoardLine]
    marks: Sequence[BoardMark] = ()


@dataclass(frozen=True, slots=True)
class BoardSection:
    """`is_small`: a card beside others. `is_first`: before those."""

    code: str
    title: str
    sentence: str = ""
    tables: Sequence[BoardTable] = ()
    pictures: Sequence[BoardPicture] = ()
    is_small: bool = False
    is_first: bool = False


def to_json(sections: Sequence[BoardSection]) -> list[dict[str, Any]]:
    return [asdict(section) for section in sections]


def from_json(found: Sequence[Mapping[str, Any]]) -> list[BoardSection]:
    return [_section(one) for one in found]


def _section(found: Mapping[str, Any]) -> BoardSection:
    return BoardSection(
        **{
            **found,
            "tables": [_table(one) for one in found["tables"]],
            "pictures": [_picture(one) for one in found["pictures"]],
        }
    )


def _picture(found: Mapping[str, Any]) -> BoardPicture:
    lines, marks = (
        (BoardLine(**one) for one in found["lines"]),
        (BoardMark(**one) for one in found["marks"]),
    )
    return BoardPicture(**{**found, "lines": list(lines), "marks": list(marks)})


def _table(found: Mapping[str, Any]) -> BoardTable:
    rows = [
        BoardRow(**{**row, "cells": [BoardCell(**cell) for cell in row["cells"]]})
        for row in found["rows"]
    ]
    return BoardTable(**{**found, "rows": rows})
