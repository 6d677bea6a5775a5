"""A list as a file, in each format: its addresses, its answer, and the line that says who took it.

A list that people filter has its three files: `files` gives their addresses, `list_response`
answers them, the tag `list_files` links to them from the page.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from enum import StrEnum
from typing import Any, TypeVar

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils import timezone

from segur.lib import paris
from segur.lib.tables import Cell, Sheet, to_csv, to_json, to_workbook, to_xlsx

Row = TypeVar("Row")
Columns = Mapping[str, Callable[[Row], Cell]]
"""Title of a column → its cell of a row, in their order."""


class Format(StrEnum):
    CSV = "csv"
    XLSX = "xlsx"
    JSON = "json"


_TYPES = {
    Format.CSV: "text/csv; charset=utf-8",
    Format.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    Format.JSON: "application/json",
}

Note = Callable[[HttpRequest, str], None]
_note: list[Note] = []


def note_with(note: Note) -> None:
    """Called by `registrations.py` of the app with the security log: the request, and in words
    what was taken."""
    _note[:] = [note]


def files(where: str, view: Callable[..., HttpResponse], name: str = "") -> list[URLPattern]:
    """The addresses of a list: «liste.csv», «liste.xlsx», «liste.json», named «csv» and so on after
    `name`."""
    return [path(f"{where}.{kind}", view, {"kind": kind}, name=f"{name}{kind}") for kind in Format]


def list_response(
    request: HttpRequest,
    kind: Format,
    name: str,
    header: Sequence[str],
    rows: Iterable[Sequence[Cell]],
) -> HttpResponse:
    """The list that somebody sees, under its name and the day; the security log says who took how
    many lines of it."""
    found = list(rows)
    [note] = _note
    note(request, f"{name}, {kind.upper()}, lignes : {len(found)}")
    return table_response(kind, name, header, found, day=paris.day(timezone.now()))


def columns_response(
    request: HttpRequest, kind: Format, name: str, columns: Columns[Any], rows: Iterable[Any]
) -> HttpResponse:
    """The same, of rows that each column reads."""
    cells = ([cell(row) for cell in columns.values()] for row in rows)
    return list_response(request, kind, name, list(columns), cells)


def table_response(
    kind: Format,
    name: str,
    header: Sequence[str],
    rows: Iterable[Sequence[Cell]],
    *,
    day: dt.date | None = None,
) -> HttpResponse:
    """A download called `name`, and the `day` of what it shows when it is given."""
    if kind == Format.CSV:
        content = to_csv(header, rows)
    elif kind == Format.XLSX:
        content = to_xlsx(name, header, rows)
    else:
        content = to_json(header, rows)
    return _download(content, kind, name, day)


def workbook_response(
    name: str, sheets: Iterable[Sheet], *, day: dt.date | None = None
) -> HttpResponse:
    """An XLSX of several sheets."""
    return _download(to_workbook(sheets), Format.XLSX, name, day)


def _download(content: bytes, kind: Format, name: str, day: dt.date | None) -> HttpResponse:
    dated = f"{name}-{day.isoformat()}" if day else name
    headers = {"Content-Disposition": f'attachment; filename="{dated}.{kind}"'}
    return HttpResponse(content, content_type=_TYPES[kind], headers=headers)
