"""Lines of a table by the titles of its columns, in any order. Pure, French words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from documents.reading.records import QUOTES, BadCell, BadFile, BadRecord, Cell, records
from segur.lib.numbers import whole
from segur.lib.search import plain
from segur.lib.tables import unguarded
from segur.lib.texts import one_line, sentence

_NUMBER = re.compile(r"[0-9]{3}")
"""What a line of titles never has, though a cell of its first line of data may be one («BDC»)."""
SHOWN = 120
"""Characters of a line that a page repeats."""


@dataclass(frozen=True)
class TitledLine:
    """`number`: in the file. `cells`: column → text as written. `wrong`: column (empty for the
    line as a whole) → why it cannot be read. `rest`: the cells under no known title, in order.
    `is_titled`: the table has a line of titles.
    """

    number: int
    cells: Mapping[str, str]
    wrong: Mapping[str, str] = field(default_factory=dict)
    rest: tuple[str, ...] = ()
    is_titled: bool = True

    @property
    def text(self) -> str:
        """What the page shows of the line."""
        whole = one_line(" ; ".join(cell for cell in (*self.cells.values(), *self.rest) if cell))
        return f"{whole[:SHOWN]}…" if len(whole) > SHOWN else whole


def titled_lines(
    content: bytes,
    titles: Mapping[str, str],
    *,
    most: int,
    bare: Sequence[str] = (),
    needs: Sequence[str] = (),
) -> Iterator[TitledLine]:
    """`titles`: title as `as_title` writes it → column. `bare`: the columns of a table whose first
    line names none of them. `needs`: columns without which the table is refused. Raises BadFile,
    at the first line or later.
    """
    found = records(content)
    columns: list[str] | None = None
    is_titled, count = False, 0
    for record in found:
        if isinstance(record, BadRecord):
            yield TitledLine(record.line, {}, {"": QUOTES})
            continue
        number, cells = record
        if columns is None:
            columns = [titles.get(as_title(str(cell)), "") for cell in cells]
            has_data = any(_NUMBER.search(str(cell)) for cell in cells)
            if is_titled := any(columns) and not has_data:
                _require(columns, needs)
                continue
            columns = list(bare)
        count += 1
        if count > most:
            raise BadFile(f"Plus de {whole(most)} lignes : coupez le fichier en plusieurs.")
        yield _line(number, cells, columns, is_titled=is_titled)


def as_title(text: str) -> str:
    """A title without case, accents and punctuation: «N° FINESS (ET)» is «n finess et»."""
    return " ".join(re.findall(r"[a-z0-9]+", plain(text)))


def _require(columns: Sequence[str], needs: Sequence[str]) -> None:
    named = [name for name in columns if name]
    if twice := sorted({name for name in named if named.count(name) > 1}):
        raise BadFile(f"Deux colonnes disent la même chose ({', '.join(twice)}) : gardez-en une.")
    if missing := [name for name in needs if name not in named]:
        raise BadFile(f"Il manque la colonne « {missing[0]} » dans la ligne de titres.")


def _line(
    number: int, cells: Sequence[Cell], columns: Sequence[str], *, is_titled: bool
) -> TitledLine:
    values: dict[str, str] = {}
    wrong: dict[str, str] = {}
    rest = []
    for place, cell in enumerate(cells):
        column = columns[place] if place < len(columns) else ""
        if isinstance(cell, BadCell):
            if column:
                wrong[column] = sentence(str(cell))
        elif column:
            values[column] = unguarded(cell)
        elif cell:
            rest.append(unguarded(cell))
    return TitledLine(number, values, wrong, tuple(rest), is_titled)
