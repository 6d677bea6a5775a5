"""Amounts pasted from a spreadsheet: FINESS; dispositif; avance; solde."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from calendar_app.rules.money import euros, read_cents
from segur.lib.texts import fold

MAX_LINES = 5_000
SHORT, FULL = 3, 4
"""Columns of a line without its dispositif, and with it."""
COLUMNS = "Une ligne a 3 ou 4 colonnes : FINESS ; dispositif, au besoin ; avance ; solde."
_FINESS = re.compile(r"([0-9]{2}|2[AB])[0-9]{7}")


@dataclass(frozen=True)
class AmountLine:
    """One line, `number` counted from 1 as pasted; amounts in cents, None where left empty; `error`
    says what is wrong in it, or ""."""

    number: int
    finess: str = ""
    dispositif: str = ""
    advance: int | None = None
    balance: int | None = None
    error: str = ""

    @property
    def advance_text(self) -> str:
        return "" if self.advance is None else euros(self.advance)

    @property
    def balance_text(self) -> str:
        return "" if self.balance is None else euros(self.balance)


def read_lines(text: str) -> list[AmountLine]:
    """The lines of a paste: separated by «;» or tabs; blank ones and a heading are skipped."""
    seen: dict[tuple[str, str], int] = {}
    found = []
    for line in _read(text):
        first = seen.setdefault((line.finess, line.dispositif.casefold()), line.number)
        if first != line.number and not line.error:
            line = replace(line, error=f"Ce FINESS est déjà à la ligne {first}.")  # noqa: PLW2901
        found.append(line)
    return found


def _read(text: str) -> Iterator[AmountLine]:
    for number, line in enumerate(text.splitlines(), 1):
        cells = [fold(cell).strip('"').strip() for cell in re.split(r"[;\t]", line)]
        is_heading = number == 1 and cells[0].casefold().startswith(("finess", "n° finess"))
        if any(cells) and not is_heading:
            yield _line(number, cells)


def _line(number: int, cells: list[str]) -> AmountLine:
    finess = re.sub(r"[\s.\-]", "", cells[0]).upper()
    if not _FINESS.fullmatch(finess):
        error = "La première colonne est le FINESS, 9 caractères, par exemple 999000184."
        return AmountLine(number, finess, error=error)
    if len(cells) not in (SHORT, FULL):
        return AmountLine(number, finess, error=COLUMNS)
    dispositif = cells[1] if len(cells) == FULL else ""
    try:
        advance, balance = (read_cents(cell) if cell else None for cell in cells[-2:])
    except ValueError as error:
        return AmountLine(number, finess, dispositif, error=str(error))
    if advance is None and balance is None:
        return AmountLine(number, finess, dispositif, error="Aucun montant sur cette ligne.")
    return AmountLine(number, finess, dispositif, advance, balance)
