"""A file of outages, CSV or XLSX: what it says, line by line. Pure: no database, no clock.

Titles `service;started_at;ended_at;source;reference;cause`, or their French names, in any order,
`nature` beside them when wanted. Whatever the bytes, the answer is BadFile (the file as a whole) or
rows and problems, each with its line in the file.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass, field

from documents.reading.records import (
    MAX_BYTES,
    QUOTES,
    BadCell,
    BadFile,
    BadRecord,
    Cell,
    Record,
    records,
)
from perf.enums import OutageNature, Source
from segur.lib.instants import BEYOND_MICROSECONDS, BadText, of_cell
from segur.lib.numbers import whole
from segur.lib.search import plain
from segur.lib.tables import unguarded
from segur.lib.texts import clean, difference, fold, sentence

__all__ = ["MAX_BYTES", "BadFile", "LineProblem", "OutageRow", "read"]

REQUIRED = ("service", "started_at", "ended_at", "source", "reference", "cause")
NAMING = ("service", "source", "reference")
"""What an outage is found again by."""
OPTIONAL = ("nature",)
EXPORTED = ("client", "situation", "version_comptee", "comptee")
"""Columns of our own exports, which are read again without them."""
PADDED = ("cause", *OPTIONAL, *EXPORTED)
"""The last cells that a line may leave out. Not the end: without it the outage would still last."""
FRENCH = {
    "code": "service",
    "code du service": "service",
    "debut": "started_at",
    "fin": "ended_at",
    "version comptee": "version_comptee",
    "comptee dans d_f": "comptee",
}
"""Other titles, as `_title` writes them → the column; those of our exports among them."""
MAX_LINES = 20_000

_PARIS_CLOCK = re.compile(r"\((?:a l'|)heure de paris\)$")


@dataclass(frozen=True)
class OutageRow:
    """One outage of the file, as `line` says it. `nature` None: the file does not say. `written`:
    its service, source and reference before they were folded. `is_cut`: an instant had digits after
    its microseconds, which are left out.
    """

    line: int
    service: str
    started_at: dt.datetime
    ended_at: dt.datetime | None
    source: Source
    reference: str
    cause: str
    nature: OutageNature | None
    written: tuple[str, ...] = field(compare=False)
    is_cut: bool


@dataclass(frozen=True, order=True)
class LineProblem:
    """Why a line is refused; `column` is empty when it is the line itself."""

    line: int
    column: str
    sentence: str
    text: str = field(default="", compare=False)
    """The cell as written."""


def read(content: bytes) -> tuple[list[OutageRow], list[LineProblem]]:
    """The rows that can be understood and every problem of the others. Raises BadFile."""
    found = records(content)
    header = _header(next(found, None))
    problems: list[LineProblem] = []
    rows = []
    for number, record in enumerate(found, 1):
        if number > MAX_LINES:
            raise BadFile(f"Plus de {whole(MAX_LINES)} lignes : coupez le fichier en plusieurs.")
        row = _row(header, record, problems)
        if row:
            rows.append(row)
    if not rows and not problems:
        raise BadFile(
            "Le fichier n'a que sa ligne de titres : ajoutez une indisponibilité par ligne."
        )
    problems += _repeated(rows)
    return rows, sorted(problems)


def _header(record: Record | BadRecord | None) -> list[str]:
    if isinstance(record, BadRecord):
        raise BadFile(f"Ligne {record.line} : {QUOTES}")
    names = [_title(cell) for cell in record[1]] if record else []
    while names and not names[-1]:
        names.pop()
    missing = [name for name in REQUIRED if name not in names]
    unknown = [name for name in names if name not in (*REQUIRED, *OPTIONAL, *EXPORTED)]
    twice = sorted({name for name in names if names.count(name) > 1} - {*unknown})
    if not (missing or unknown or twice):
        return names
    reasons = [
        f"{word} : {_shown(found)}"
        for word, found in (("il manque", missing), ("inconnu", unknown), ("en double", twice))
        if found
    ]
    raise BadFile(
        f"Les titres des colonnes ne conviennent pas ({' ; '.join(reasons)}). "
        f"Attendus : {', '.join(REQUIRED)}. Trouvés : {_shown(names)}."
    )


def _title(cell: Cell) -> str:
    """The column that a title names, without regard to its case, its accents, or the clock that it
    recalls («Début (heure de Paris)»). «Début (UTC)» is another one, and unknown."""
    name = _PARIS_CLOCK.sub("", plain(str(cell))).strip()
    return FRENCH.get(name, name)


def _shown(names: list[str]) -> str:
    text = ", ".join(names)
    return f"{text[:200]}…" if len(text) > 200 else text or "aucun"  # noqa: PLR2004


def _row(
    header: list[str], record: Record | BadRecord, problems: list[LineProblem]
) -> OutageRow | None:
    """The row, or None with its problems noted."""
    if isinstance(record, BadRecord):
        problems.append(LineProblem(record.line, "", QUOTES))
        return None
    line, cells = record
    while len(cells) > len(header) and not cells[-1]:
        cells = cells[:-1]
    count, absent = len(cells), header[len(cells) :]
    cells = [*cells, *("" for name in absent if name in PADDED)]
    if len(cells) != len(header):
        problems.append(LineProblem(line, "", f"{count} colonnes au lieu de {len(header)}."))
        return None
    values = dict(zip(header, cells, strict=True))
    found: dict[str, object] = {}
    for column, parse in _PARSERS.items():
        try:
            found[column] = parse(_text(column, values.get(column, "")))
        except BadText as refusal:
            shown = str(values.get(column, ""))
            problems.append(LineProblem(line, column, sentence(str(refusal)), shown))
    if len(found) < len(_PARSERS):
        return None
    written = tuple(str(values[name]) for name in NAMING)
    is_cut = any(_has_more(values[name]) for name in ("started_at", "ended_at"))
    return OutageRow(line=line, written=written, is_cut=is_cut, **found)  # type: ignore[arg-type]


def _text(column: str, cell: Cell) -> str:
    """The cause is free text; everything else identifies or is computed with."""
    if isinstance(cell, BadCell):
        raise BadText(str(cell))
    return unguarded(clean(cell).strip() if column == "cause" else fold(cell))


def _has_more(cell: Cell) -> bool:
    """Whether an instant is more precise than the microsecond, which is all that is kept."""
    beyond = BEYOND_MICROSECONDS.search(fold(str(cell)))
    return bool(beyond and beyond[0].strip("0"))


def _end(text: str) -> dt.datetime | None:
    return of_cell(text) if text else None


def _required(text: str) -> str:
    if not text:
        raise BadText("cette case est vide")
    return text


def _source(text: str) -> Source:
    return Source(_one_of(_required(text), Source.values))


def _nature(text: str) -> OutageNature | None:
    return OutageNature(_one_of(text, OutageNature.values)) if text else None


def _one_of(text: str, values: list[str]) -> str:
    if text.upper() not in values:
        raise BadText(f"« {text[:60]} » n'est pas connu. Écrivez {', '.join(values)}")
    return text.upper()


_PARSERS: dict[str, Callable[[str], object]] = {
    "service": _required,
    "started_at": of_cell,
    "ended_at": _end,
    "source": _source,
    "reference": _required,
    "cause": str,
    "nature": _nature,
}


def _repeated(rows: list[OutageRow]) -> list[LineProblem]:
    """A reference names one outage: twice in one file, one of the two lines is wrong."""
    seen: dict[tuple[str, str, str], OutageRow] = {}
    found = []
    for row in rows:
        first = seen.setdefault((row.service, row.source, row.reference), row)
        if first is not row:
            words = (
                f"« {row.reference[:60]} » est déjà à la ligne {first.line}, "
                f"même service et source{looks_alike(first, row)}."
            )
            found.append(LineProblem(row.line, "reference", words))
    return found


def looks_alike(first: OutageRow, row: OutageRow) -> str:
    """To end the sentence that names two lines: by what their cells differ, or nothing."""
    pairs = zip(first.written, row.written, strict=True)
    differ = [(one, other) for one, other in pairs if one.strip() != other.strip()]
    alike = [(one, other) for one, other in differ if fold(one) == fold(other)]
    if not alike:
        return ""
    return f" : ces deux lignes ne diffèrent que par {difference(*alike[0])}"
