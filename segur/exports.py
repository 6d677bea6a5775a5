"""The answer that carries a list as a file."""

import datetime as dt
from collections.abc import Iterable, Sequence
from enum import StrEnum

from django.http import HttpResponse

from segur.lib.tables import Cell, Sheet, to_csv, to_workbook, to_xlsx


class Format(StrEnum):
    CSV = "csv"
    XLSX = "xlsx"


_TYPES = {
    Format.CSV: "text/csv; charset=utf-8",
    Format.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def table_response(
    kind: Format,
    name: str,
    header: Sequence[str],
    rows: Iterable[Sequence[Cell]],
    *,
    day: dt.date | None = None,
) -> HttpResponse:
    """A download called `name`, and the `day` of what it shows when it is given."""
    content = to_csv(header, rows) if kind == Format.CSV else to_xlsx(name, header, rows)
    return _download(content, kind, name, day)


def workbook_response(
    name: str, sheets: Iterable[Sheet], *, day: dt.date | None = None
) -> HttpResponse:
    """The same with several sheets."""
    return _download(to_workbook(sheets), Format.XLSX, name, day)


def _download(content: bytes, kind: Format, name: str, day: dt.date | None) -> HttpResponse:
    dated = f"{name}-{day.isoformat()}" if day else name
    headers = {"Content-Disposition": f'attachment; filename="{dated}.{kind}"'}
    return HttpResponse(content, content_type=_TYPES[kind], headers=headers)
