"""A CSV of outages: what its bytes say, line by line. Pure: no database, no clock, French words.

Header `service,started_at,ended_at,source,reference,cause`, in any order, `nature` beside it when
wanted; `;` or `,`; UTF-8 with or without its mark, else Windows-1252. Whatever the bytes, the
answer is BadFile (the file as a whole) or rows and problems, each with its line in the file.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from perf import typed
from perf.enums import Nature, Source
from segur.lib.tables import unguarded
from segur.lib.texts import clean, difference, fold

REQUIRED = ("service", "started_at", "ended_at", "source", "reference", "cause")
NAMING = ("service", "source", "reference")
"""What an outage is found again by."""
OPTIONAL = ("nature",)
EXPORTED = ("client", "situation", "version_comptee", "comptee")
"""Columns of our own exports, which are read again without them."""
MAX_BYTES = 5 * 1024 * 1024
MAX_LINES = 20_000
MAX_INSTANT = 60

_ISO_WITHOUT_OFFSET = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[t ][0-9:.,]+")


class BadFile(ValueError):  # noqa: N818
    """The file as a whole cannot be read; the message says why and what to do."""


@dataclass(frozen=True)
class Row:
    """One outage of the file, as `line` says it. `nature` None: the file does not say.
    `written`: its service, source and reference before they were folded.
    """

    line: int
    service: str
    started_at: dt.datetime
    ended_at: dt.datetime | None
    source: Source
    reference: str
    cause: str
    nature: Nature | None
    written: tuple[str, ...] = field(compare=False)


@dataclass(frozen=True, order=True)
class Problem:
    """Why a line is refused; `column` is empty when it is the line itself."""

    line: int
    column: str
    sentence: str


def read(content: bytes) -> tuple[list[Row], list[Problem]]:
    """The rows that can be understood and every problem of the others. Raises BadFile."""
    text = _text(content)
    problems: list[Problem] = []
    records = _records(text, problems)
    first = next(records, None)
    if problems:
        raise BadFile(f"Ligne {problems[0].line} : {problems[0].sentence}")
    header = _header(first)
    rows = []
    for number, (line, cells) in enumerate(records, 1):
        if number > MAX_LINES:
            raise BadFile(f"Plus de {MAX_LINES} pannes : coupez le fichier en plusieurs.")
        row = _row(line, header, cells, problems)
        if row:
            rows.append(row)
    if not rows and not problems:
        raise BadFile("Le fichier n'a que sa ligne de titres : ajoutez une panne par ligne.")
    problems += _repeated(rows)
    return rows, sorted(problems)


def _text(content: bytes) -> str:
    if len(content) > MAX_BYTES:
        limit = MAX_BYTES // 1024**2
        raise BadFile(f"Le fichier dépasse {limit} Mo : coupez-le en plusieurs.")
    if not content.strip(b"\xef\xbb\xbf \t\r\n"):
        raise BadFile("Le fichier est vide.")
    if b"\0" not in content:
        for encoding in ("utf-8-sig", "cp1252"):
            try:
                return content.decode(encoding)
            except UnicodeDecodeError:
                continue
    raise BadFile(
        "Ce n'est pas un fichier CSV. Depuis un tableur : « Enregistrer sous », puis « CSV UTF-8 »."
    )


def _records(text: str, problems: list[Problem]) -> Iterator[tuple[int, list[str]]]:
    """Each record that is not blank with the number of its first line, the header first."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    delimiter = ";" if first.count(";") >= first.count(",") else ","
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            problems.append(Problem(line, "", "Les guillemets de cette ligne sont mal fermés."))
            continue
        if any(cell.strip() for cell in cells):
            yield line, cells


def _header(record: tuple[int, list[str]] | None) -> list[str]:
    names = [fold(name).lower() for name in record[1]] if record else []
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


def _shown(names: list[str]) -> str:
    text = ", ".join(names)
    return f"{text[:200]}…" if len(text) > 200 else text or "aucun"  # noqa: PLR2004


def _row(line: int, header: list[str], cells: list[str], problems: list[Problem]) -> Row | None:
    """The row, or None with its problems noted."""
    while len(cells) > len(header) and not cells[-1].strip():
        cells = cells[:-1]
    if len(cells) != len(header):
        sentence = f"{len(cells)} colonnes au lieu de {len(header)}."
        problems.append(Problem(line, "", sentence))
        return None
    typed_cells = dict(zip(header, cells, strict=True))
    values = {column: _cell(column, cell) for column, cell in typed_cells.items()}
    found: dict[str, object] = {"written": tuple(typed_cells[name] for name in NAMING)}
    for column, parse in _PARSERS.items():
        try:
            found[column] = parse(values.get(column, ""))
        except typed.BadText as refusal:
            sentence = str(refusal)
            problems.append(Problem(line, column, f"{sentence[:1].upper()}{sentence[1:]}."))
    return Row(line=line, **found) if len(found) > len(_PARSERS) else None  # type: ignore[arg-type]


def _cell(column: str, text: str) -> str:
    """The cause is free text; everything else identifies or is computed with."""
    return unguarded(clean(text).strip() if column == "cause" else fold(text))


def _instant(text: str) -> dt.datetime:
    if len(text) > MAX_INSTANT:
        raise typed.BadText("ce n'est pas un jour et une heure")
    text = " ".join(text.lower().split())
    if _ISO_WITHOUT_OFFSET.fullmatch(text):
        raise typed.BadText(
            f"« {text.upper()} » n'a pas de décalage. Écrivez {text.upper()}+01:00 (hiver) ou "
            "+02:00 (été), ou l'heure de Paris : 15/01/2026 18:00"
        )
    return typed.instant(text)


def _end(text: str) -> dt.datetime | None:
    return _instant(text) if text else None


def _required(text: str) -> str:
    if not text:
        raise typed.BadText("cette case est vide")
    return text


def _source(text: str) -> Source:
    return Source(_one_of(_required(text), Source.values))


def _nature(text: str) -> Nature | None:
    return Nature(_one_of(text, Nature.values)) if text else None


def _one_of(text: str, values: list[str]) -> str:
    if text.upper() not in values:
        raise typed.BadText(f"« {text[:60]} » n'est pas connu. Écrivez {', '.join(values)}")
    return text.upper()


_PARSERS: dict[str, Callable[[str], object]] = {
    "service": _required,
    "started_at": _instant,
    "ended_at": _end,
    "source": _source,
    "reference": _required,
    "cause": str,
    "nature": _nature,
}


def _repeated(rows: list[Row]) -> list[Problem]:
    """A reference names one outage: twice in one file, one of the two lines is wrong."""
    seen: dict[tuple[str, str, str], Row] = {}
    found = []
    for row in rows:
        first = seen.setdefault((row.service, row.source, row.reference), row)
        if first is not row:
            sentence = (
                f"« {row.reference[:60]} » est déjà à la ligne {first.line}, "
                f"même service et source{looks_alike(first, row)}."
            )
            found.append(Problem(row.line, "reference", sentence))
    return found


def looks_alike(first: Row, row: Row) -> str:
    """To end the sentence that names two lines: by what their cells differ, or nothing."""
    pairs = zip(first.written, row.written, strict=True)
    differ = [(one, other) for one, other in pairs if one.strip() != other.strip()]
    alike = [(one, other) for one, other in differ if fold(one) == fold(other)]
    if not alike:
        return ""
    return f" : ces deux lignes ne diffèrent que par {difference(*alike[0])}"
