"""Tables as files: CSV that a French spreadsheet opens in columns, XLSX, and JSON. No formula gets
in.

Cells are text, whole numbers, decimals, durations, days, aware instants or None. A file says what
the screen says: days as 09/06/2027 and instants on the Paris clock, whose title has to say so. The
hour that October repeats carries its offset. In XLSX numbers, durations and dates are real ones,
but for an instant that a workbook cannot hold (with an offset, or finer than a millisecond), which
is text; in CSV they are written the French way.
"""

import csv
import datetime as dt
import io
import json
import re
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from segur.lib import paris, texts

Cell = str | int | Decimal | dt.timedelta | dt.date | dt.datetime | None

_FORMULA = re.compile(r"['\s]*[=+\-@\t\r\n＝＋－＠]")
_WIDTH = 22
_NOT_IN_A_TITLE = re.compile(r"[\[\]:*?/\\\\]")
_LONGEST_TITLE = 31


def due_cells(due_at: dt.datetime | None) -> tuple[Cell, Cell]:
    """The last legal day and its hour, apart: the midnight that ends a day is «24h» of that day,
    which no spreadsheet can write as one instant."""
    if due_at is None:
        return None, None
    return paris.last_day(due_at), paris.due_clock(due_at)


def guarded(text: str) -> str:
    """The text behind an apostrophe when a spreadsheet would take it for a formula (OWASP, «CSV
    injection»), spaces before it left out as some do."""
    return f"'{text}" if _FORMULA.match(text) else text


def unguarded(text: str) -> str:
    """What `guarded` was given: a file of ours read again has the same references."""
    return text[1:] if text.startswith("'") and _FORMULA.match(text) else text


def to_csv(header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """`;` and the UTF-8 mark, without which the usual spreadsheet breaks columns and accents."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=";")
    writer.writerow(header)
    writer.writerows([_csv_cell(cell) for cell in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")


def _csv_cell(cell: Cell) -> str:
    if isinstance(cell, str):
        return guarded(texts.clean(cell))
    if isinstance(cell, dt.datetime):
        return _written(paris.local(cell))
    if isinstance(cell, dt.date):
        return f"{cell:%d/%m/%Y}"
    if isinstance(cell, dt.timedelta):
        return _csv_duration(cell)
    return "" if cell is None else str(cell).replace(".", ",")


def _written(moment: dt.datetime) -> str:
    fraction = f".{moment.microsecond:06}" if moment.microsecond else ""
    repeated = paris.is_twice(moment.date(), moment.time())
    offset = f"{moment:%z}" if repeated else ""
    return f"{moment:%d/%m/%Y %H:%M:%S}{fraction}{offset}"


def _csv_duration(length: dt.timedelta) -> str:
    """«30:00:00», «10:00:00.000001»: hours go beyond a day."""
    seconds, micro = divmod(length // dt.timedelta(microseconds=1), 10**6)
    fraction = f".{micro:06}" if micro else ""
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}{fraction}"


def to_json(header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """An object a row, by the titles. Days and instants are ISO 8601 with the offset of Paris,
    durations seconds; a decimal is a text, which no reader rounds."""
    lines = [dict(zip(header, map(_json_cell, row), strict=True)) for row in rows]
    return json.dumps(lines, ensure_ascii=False, indent=1).encode()


def _json_cell(cell: Cell) -> str | int | float | None:
    if isinstance(cell, dt.datetime):
        return paris.local(cell).isoformat()
    if isinstance(cell, dt.date):
        return cell.isoformat()
    if isinstance(cell, dt.timedelta):
        return cell.total_seconds()
    if isinstance(cell, Decimal):
        return str(cell)
    return texts.clean(cell) if isinstance(cell, str) else cell


def to_xlsx(title: str, header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """One sheet: bold titles that stay in sight, filters, text that is never a formula."""
    return to_workbook([(title, header, rows)])


Sheet = tuple[str, Sequence[str], Iterable[Sequence[Cell]]]
"""Its title, the titles of its columns, and its rows."""


def to_workbook(sheets: Iterable[Sheet]) -> bytes:
    """Several sheets, each as `to_xlsx` makes one. A title that is too long is cut. The workbook
    says its title and its language, which a screen reader asks for (RGAA 13.3).
    """
    book = Workbook(write_only=True)
    book.properties.language = "fr"
    for title, header, rows in sheets:
        book.properties.title = book.properties.title or title
        _fill(book.create_sheet(_NOT_IN_A_TITLE.sub(" ", title)[:_LONGEST_TITLE]), header, rows)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _fill(sheet: Any, header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> None:
    sheet.freeze_panes, sheet.print_title_rows = "A2", "1:1"
    last = get_column_letter(len(header))
    for number in range(1, len(header) + 1):
        sheet.column_dimensions[get_column_letter(number)].width = _WIDTH
    titles = [_xlsx_cell(sheet, name) for name in header]
    for cell in titles:
        cell.font = Font(bold=True)
    sheet.append(titles)
    count = 1
    for count, row in enumerate(rows, 2):  # noqa: B007  (the last row's number)
        sheet.append([_xlsx_cell(sheet, cell) for cell in row])
    sheet.auto_filter.ref = f"A1:{last}{count}"


def _fits(moment: dt.datetime) -> bool:
    """Whether a date cell holds this instant exactly."""
    return not (moment.microsecond % 1000 or paris.is_twice(moment.date(), moment.time()))


def _xlsx_cell(sheet: Any, value: Cell) -> Any:
    if isinstance(value, dt.datetime) and not _fits(paris.local(value)):
        value = _written(paris.local(value))
    text = texts.clean(value) if isinstance(value, str) else None
    clock = paris.local(value).replace(tzinfo=None) if isinstance(value, dt.datetime) else value
    cell: Any = WriteOnlyCell(sheet, clock if text is None else text)  # type: ignore[arg-type]
    if text is not None:
        cell.data_type = "s"
        cell.quotePrefix = _FORMULA.match(text) is not None
    elif isinstance(value, dt.timedelta):
        cell.number_format = "[h]:mm:ss"
    elif isinstance(value, dt.datetime):
        cell.number_format = "dd/mm/yyyy hh:mm:ss"
    elif isinstance(value, dt.date):
        cell.number_format = "dd/mm/yyyy"
    return cell
