"""A table as records of text cells, whatever its kind: CSV or XLSX. Pure, French words.

CSV: `;`, `,` or tabs, or what a first line `sep=` says; UTF-8 with or without its mark, UTF-16 with
it («Texte Unicode» of Excel), else Windows-1252. XLSX: the first sheet, read as a stream and
bounded. A date cell is on the Paris clock and becomes the text that a person would type, so that
both kinds have one reader.
"""

from __future__ import annotations

import codecs
import csv
import datetime as dt
import io
import re
import struct
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import Any
from xml.etree.ElementTree import ParseError

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from segur.lib.numbers import whole

MAX_BYTES = 5 * 1024 * 1024
MAX_LINES = 200_000
"""Blank ones too: ten times 20,000 outages. A row of an XLSX may say any number, and openpyxl
counts up to it."""
MAX_UNPACKED = 64 * 1024 * 1024
"""Of an XLSX, which is a ZIP: seven times what 20,000 outages take."""
MAX_MARKS, MAX_FRAME_MARKS = 3_000_000, 100_000
"""Tags and attributes of an XLSX, which make the time of its reading. In all, more than twice those
of 20,000 outages, 3 µs each; of its styles, names and links, which take 15 µs each."""
MAX_COLUMNS = 50
"""Of a line: each line is read under all the titles. One cell in the last column of an XLSX would
make each row 16,384 cells long."""

FORMULA = "c'est une formule : remplacez-la par sa valeur (« Collage spécial », puis « Valeurs »)"
SHEET_ERROR = "« {} » est une erreur du tableur : corrigez la cellule"
NEITHER = (
    "Ce n'est ni un fichier CSV ni un classeur XLSX. Depuis un tableur : « Enregistrer sous », "
    "puis « CSV UTF-8 » ou « Classeur Excel (.xlsx) »."
)
UNREADABLE = (
    "Ce classeur ne s'ouvre pas. Ouvrez-le dans votre tableur, enregistrez-le à nouveau au format "
    "XLSX, sans mot de passe, puis choisissez-le à nouveau."
)
TOO_MANY_LINES = (
    "Ce classeur compte plus de {} lignes, vides comprises : supprimez celles qui suivent le "
    "tableau, ou copiez le tableau dans un nouveau classeur."
)
TOO_MUCH = (
    "Ce classeur contient trop de cellules ou de mises en forme pour ce site : copiez le seul "
    "tableau, sans mise en forme, dans un nouveau classeur, ou enregistrez-le au format CSV UTF-8."
)
QUOTES = "Les guillemets de cette ligne sont mal fermés."


class BadCell(ValueError):  # noqa: N818
    """Why a cell of a workbook has no text; the message says what to do."""


Cell = str | BadCell
"""The text of a cell as written, «» when it is blank, or why a workbook has no text for it."""
Record = tuple[int, list[Cell]]
"""The number of its (first) line in the file, and its cells."""

_ZIP = b"PK\x03\x04"
_TABLES = ("xl/worksheets/", "xl/sharedStrings")
_BLOCK = 1024 * 1024
_OTHER_ENCODING = re.compile(
    rb"""<\?xml[^>]*\bencoding\s*=\s*["'](?!utf-(?:8|16)["'])""", re.IGNORECASE
)
"""One that no spreadsheet writes: in UTF-7 the tags would not be counted."""
_SEPARATOR_LINE = re.compile(r'\ufeff?[\r\n]*"?sep=([;,|\t])"?[;,\t ]*(?=[\r\n])', re.IGNORECASE)
_BROKEN_WORKBOOK = (
    zipfile.BadZipFile,
    InvalidFileException,
    ParseError,
    SyntaxError,  # what lxml raises for bad XML
    zlib.error,
    struct.error,
    OSError,
    EOFError,
    NotImplementedError,
    RuntimeError,
    LookupError,
    ValueError,
    TypeError,
    AttributeError,
    ArithmeticError,
)
"""What openpyxl lets through for a workbook that was cut or garbled: it checks little itself."""


class BadFile(ValueError):  # noqa: N818
    """The file as a whole cannot be read; the message says why and what to do."""


class BadRecord(ValueError):  # noqa: N818
    """A line of a CSV that cannot be cut into cells. The next ones can still be read."""

    def __init__(self, line: int) -> None:
        super().__init__(line)
        self.line = line


def records(content: bytes) -> Iterator[Record | BadRecord]:
    """Each record that is not blank, the titles first. Raises BadFile, at the first call or later:
    an XLSX is read as it is asked for."""
    if len(content) > MAX_BYTES:
        limit = MAX_BYTES // 1024**2
        raise BadFile(f"Le fichier dépasse {limit} Mo : coupez-le en plusieurs.")
    if not content.strip(b"\xef\xbb\xbf \t\r\n"):
        raise BadFile("Le fichier est vide.")
    found = _of_sheet(content) if content.startswith(_ZIP) else _of_csv(_text(content))
    for record in found:
        if isinstance(record, BadRecord) or any(record[1]):
            yield record


def _text(content: bytes) -> str:
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        with suppress(UnicodeDecodeError):
            if "\0" not in (text := content.decode("utf-16")):
                return text
    elif b"\0" not in content:
        for encoding in ("utf-8-sig", "cp1252"):
            try:
                return content.decode(encoding)
            except UnicodeDecodeError:
                continue
    raise BadFile(NEITHER)


def _of_csv(text: str) -> Iterator[Record | BadRecord]:
    if max(text.count("\n"), text.count("\r")) > MAX_LINES:
        raise BadFile("Le fichier compte trop de lignes : retirez les lignes vides, ou coupez-le.")
    declared = _SEPARATOR_LINE.match(text)
    if declared:  # its line break stays: the numbers of the lines are those of the file
        text = text[declared.end() :]
    first = next((line for line in text.splitlines() if line.strip()), "")
    guess = max(";,\t", key=first.count)
    delimiter = declared[1] if declared else guess
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            yield BadRecord(line)
            continue
        if any(cell.strip() for cell in cells[MAX_COLUMNS:]):
            raise BadFile(f"La ligne {line} a plus de {MAX_COLUMNS} colonnes : retirez-en.")
        yield line, [cell if cell.strip() else "" for cell in cells[:MAX_COLUMNS]]


def _of_sheet(content: bytes) -> Iterator[Record]:
    try:
        _check_size(content)
        book = load_workbook(io.BytesIO(content), read_only=True, keep_links=False)
        sheet = book.worksheets[0]
        sheet.reset_dimensions()  # those that the file announces may be wrong
        for line, row in _numbered(sheet.iter_rows(max_col=MAX_COLUMNS)):
            yield line, [_sheet_cell(cell) for cell in row]
    except BadFile:
        raise
    except _BROKEN_WORKBOOK:
        raise BadFile(UNREADABLE) from None


def _numbered(rows: Iterable[Any]) -> Iterator[tuple[int, Any]]:
    for line, row in enumerate(rows, 1):
        if line > MAX_LINES:
            raise BadFile(TOO_MANY_LINES.format(whole(MAX_LINES)))
        yield line, row


def _check_size(content: bytes) -> None:
    """By what the archive announces, as zipfile unpacks no more of a member; then by what its parts
    hold, counted before anything is parsed."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        members = archive.infolist()
        if sum(member.file_size for member in members) > MAX_UNPACKED:
            raise BadFile("Ce classeur est trop grand une fois ouvert : coupez-le en plusieurs.")
        marks = {member.filename: _marks(archive, member) for member in members}
    frame = sum(count for name, count in marks.items() if not name.startswith(_TABLES))
    if frame > MAX_FRAME_MARKS or sum(marks.values()) > MAX_MARKS:
        raise BadFile(TOO_MUCH)


def _marks(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> int:
    """Tags and attributes of a part, whatever its name: the workbook says which part is a sheet. A
    picture of 5 MB has 40,000 by chance."""
    count = 0
    with archive.open(member) as part:
        while block := part.read(_BLOCK):
            if not count and _OTHER_ENCODING.match(block):
                raise BadFile(UNREADABLE)
            count += block.count(b"<") + block.count(b"=")
    return count


def _sheet_cell(cell: Any) -> Cell:
    value = cell.value
    if value is None:
        return ""
    if cell.data_type == "f":
        return BadCell(FORMULA)
    if cell.data_type == "e":
        return BadCell(SHEET_ERROR.format(value))
    if isinstance(value, dt.datetime):
        return _typed(value, has_hour="h" in cell.number_format.lower())
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value) if str(value).strip() else ""


def _typed(value: dt.datetime, *, has_hour: bool) -> str:
    """As a person would type it. A day that its cell shows without an hour has none."""
    if value.time() == dt.time(0) and not has_hour:
        return f"{value:%d/%m/%Y}"
    return f"{value:%d/%m/%Y %H:%M:%S.%f}"
