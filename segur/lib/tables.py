"""Tables as files: CSV that a French spreadsheet opens in columns, and XLSX. No formula gets in.

Cells are text, whole numbers, days, aware instants or None. An instant is ISO 8601 with the Paris
offset in CSV, a date on the Paris clock in XLSX, which knows no zone: its title has to say so.
"""

import csv
import datetime as dt
import io
import re
from collections.abc import Iterable, Sequence
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from segur.lib import paris, texts

Cell = str | int | dt.date | dt.datetime | None

_FORMULA = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")
_WIDTH = 22


def guarded(text: str) -> str:
    """The text behind an apostrophe when a spreadsheet would take it for a formula (OWASP, «CSV
    injection»)."""
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
    if isinstance(cell, dt.datetime):
        return paris.local(cell).isoformat()
    if isinstance(cell, dt.date):
        return cell.isoformat()
    if isinstance(cell, str):
        return guarded(texts.clean(cell))
    return "" if cell is None else str(cell)


def to_xlsx(title: str, header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """One sheet: bold titles that stay in sight, filters, text that is never a formula."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(title)
    sheet.freeze_panes = "A2"
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
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _xlsx_cell(sheet: Any, value: Cell) -> Any:
    text = texts.clean(value) if isinstance(value, str) else None
    clock = paris.local(value).replace(tzinfo=None) if isinstance(value, dt.datetime) else value
    cell: Any = WriteOnlyCell(sheet, clock if text is None else text)  # type: ignore[arg-type]
    if text is not None:
        cell.data_type = "s"
        cell.quotePrefix = _FORMULA.match(text) is not None
    elif isinstance(value, dt.datetime):
        cell.number_format = "dd/mm/yyyy hh:mm:ss"
    elif isinstance(value, dt.date):
        cell.number_format = "dd/mm/yyyy"
    return cell
