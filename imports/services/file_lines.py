"""A file as lines under known titles: what each line says, and all that is wrong in it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from itertools import zip_longest
from typing import Any, NamedTuple, TypeVar

from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet
from django.forms import Field

from documents.reading.records import QUOTES, BadCell, BadFile, BadRecord, Cell, records
from documents.reading.titled import as_title
from journal.services.acts import lock_rows
from journal.services.changes import shown_of
from segur.lib.numbers import whole
from segur.lib.tables import unguarded
from segur.lib.texts import clean, is_blank, sentence

BATCH = 500
STEP = 500
"""Lines after which the progress is recorded."""
NO_LINE = "Le fichier n'a que sa ligne de titres : ajoutez une ligne par {}."
EMPTY = "Cette case est vide."
REPEATED = "Cette ligne répète la ligne {} : même {}."


class Read(NamedTuple):
    """What a cell says under its title: its text, its value, or why it is refused."""

    text: str
    value: Any = None
    wrong: str = ""


Known = dict[tuple[str, Cell], Read]
"""Column and cell → what was read: most cells of a long file repeat another."""


class LineFate(Enum):
    NEW = "À ajouter"
    CHANGED = "À modifier"
    SAME = "Inchangées"


@dataclass
class FileLine:
    """`number`: of the line in the file. `texts`: column → the cell as written. `values`: what the
    cells say, without those of a column that the file lacks. `wrong`: column (empty for the line as
    a whole) → why. Then, once it is compared with what is recorded: its `fate`, `before` (column →
    the words that it replaces), and `subject`, what is written.
    """

    number: int
    texts: dict[str, str] = field(default_factory=dict)
    values: dict[str, Any] = field(default_factory=dict)
    wrong: dict[str, str] = field(default_factory=dict)
    fate: LineFate = LineFate.SAME
    before: dict[str, str] = field(default_factory=dict)
    subject: Any = None
    left: Any = None
    """What the comparison leaves for the writing."""

    def refuse(self, column: str, sentence: str) -> None:
        self.wrong.setdefault(column, sentence)

    def refuse_all(self, refusal: ValidationError) -> None:
        """By column, or for the line as a whole."""
        by_field = getattr(refusal, "error_dict", None) or {"": [refusal]}
        for column, errors in by_field.items():
            sentence = " ".join(words for one in errors for words in one.messages)
            self.refuse(column if column in self.texts else "", sentence)

    def give(self, row: Model, names: Sequence[str]) -> None:
        """The row takes what these columns say: it is new, changed, or as it was."""
        self.subject = row
        self.fate = LineFate.SAME if row.pk else LineFate.NEW
        for name in names:
            if name not in self.values or getattr(row, name) == self.values[name]:
                continue
            if row.pk:
                self.before[name] = shown_of(row, name)
                self.fate = LineFate.CHANGED
            setattr(row, name, self.values[name])


@dataclass(frozen=True)
class FileLines:
    """`columns`: those that the file has, in its order. `unread`: titles that name none."""

    lines: list[FileLine]
    columns: list[str]
    unread: list[str]


def read_lines(
    content: bytes,
    columns: Mapping[str, Field],
    *,
    titles: Mapping[str, str],
    key: Sequence[str],
    most: int,
    noun: str,
    progress: Callable[[int], None] | None = None,
) -> FileLines:
    """Every line that is not blank. `titles`: other titles (as `as_title` writes them) → column.
    `key`: the columns that name what a line is about, once in a file. Raises BadFile.
    """
    found = records(content)
    header, unread = _header(next(found, None), columns, titles)
    lines: list[FileLine] = []
    known: Known = {}
    for record in found:
        if len(lines) == most:
            raise BadFile(f"Plus de {whole(most)} lignes : coupez le fichier en plusieurs.")
        lines.append(_line(record, header, columns, known))
        if progress and len(lines) % STEP == 0:
            progress(len(lines))
    if not lines:
        raise BadFile(NO_LINE.format(noun))
    _refuse_repeated(lines, key, columns)
    return FileLines(lines, [name for name in header if name], unread)


def _header(
    record: tuple[int, list[Cell]] | BadRecord | None,
    columns: Mapping[str, Field],
    titles: Mapping[str, str],
) -> tuple[list[str], list[str]]:
    if record is None or isinstance(record, BadRecord):
        raise BadFile(f"La ligne de titres ne se lit pas. {QUOTES}")
    known = {**titles, **{as_title(name): name for name in columns}}
    known |= {as_title(str(one.label)): name for name, one in columns.items()}
    header = [known.get(as_title(str(cell)), "") for cell in record[1]]
    named = [name for name in header if name]
    twice = [name for name in columns if named.count(name) > 1]
    missing = [name for name, one in columns.items() if one.required and name not in named]
    for names, words in ((twice, "est donnée deux fois"), (missing, "manque")):
        if names:
            raise BadFile(f"Ligne de titres : la colonne « {columns[names[0]].label} » {words}.")
    unread = [str(cell) for cell, name in zip(record[1], header, strict=True) if cell and not name]
    return header, unread


def _line(
    record: tuple[int, list[Cell]] | BadRecord,
    header: Sequence[str],
    columns: Mapping[str, Field],
    known: Known,
) -> FileLine:
    if isinstance(record, BadRecord):
        return FileLine(record.line, wrong={"": QUOTES})
    number, cells = record
    line = FileLine(number)
    if any(cells[len(header) :]):
        line.refuse("", f"{len(cells)} cases, pour {len(header)} titres.")
    for name, cell in zip_longest(header, cells[: len(header)], fillvalue=""):
        if not name:
            continue
        if (read := known.get((name, cell))) is None:
            read = known[name, cell] = _read(cell, columns[name])
        line.texts[name] = read.text
        if read.wrong:
            line.refuse(name, read.wrong)
        else:
            line.values[name] = read.value
    return line


def _read(cell: Cell, column: Field) -> Read:
    if isinstance(cell, BadCell):
        return Read("", wrong=sentence(str(cell)))
    text = "" if is_blank(cell) else clean(unguarded(cell))
    if column.required and not text:
        return Read(text, wrong=EMPTY)
    try:
        return Read(text, column.clean(text))
    except ValidationError as refusal:
        return Read(text, wrong=" ".join(refusal.messages))


def _refuse_repeated(
    lines: Sequence[FileLine], key: Sequence[str], columns: Mapping[str, Field]
) -> None:
    first: dict[tuple[Any, ...], int] = {}
    words = ", même ".join(str(columns[name].label).lower() for name in key)
    for line in lines:
        if not line.wrong:
            named = tuple(line.values.get(name) for name in key)
            if (before := first.setdefault(named, line.number)) != line.number:
                line.refuse(key[-1], REPEATED.format(before, words))


T = TypeVar("T")
M = TypeVar("M", bound=Model)


def batches(items: Iterable[T]) -> Iterator[list[T]]:
    """The different ones, in order, for queries that name them."""
    found = sorted(set(items))  # type: ignore[type-var]
    return (found[start : start + BATCH] for start in range(0, len(found), BATCH))


def stored(rows: QuerySet[M], name: str, lines: Iterable[FileLine], *, lock: bool) -> Iterator[M]:
    """Those of `rows` whose `name` stands in that column of the lines, locked if asked."""
    chosen = lock_rows(rows) if lock else rows
    for some in batches(line.values[name] for line in lines):
        yield from chosen.filter(**{f"{name}__in": some})


def good(lines: Sequence[FileLine]) -> Iterator[FileLine]:
    return (line for line in lines if not line.wrong)
