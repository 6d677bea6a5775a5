"""The list of deposits that the ASP or Convergence gives: pasted, or a file. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

from documents.reading.titled import TitledLine, titled_lines
from segur.lib.texts import compact, fold, one_line

MOST = 1_000
_FINESS = re.compile(r"([0-9]{2}|2[AB])[0-9]{7}")
TITLES = {
    **dict.fromkeys(
        (
            "dossier",
            "numero de dossier",
            "n de dossier",
            "n dossier",
            "accuse",
            "numero de l accuse",
            "numero de l accuse de depot",
            "numero d accuse",
            "reference",
            "reference du dossier",
        ),
        "dossier",
    ),
    **dict.fromkeys(
        ("finess", "numero finess", "n finess", "finess et", "n finess et", "nofinesset"), "finess"
    ),
    **dict.fromkeys(
        ("client", "etablissement", "raison sociale", "beneficiaire", "nom", "rs"), "client"
    ),
}


@dataclass(frozen=True)
class ListedDeposit:
    """`names`: what may be the number of the dossier or the name of the Client, where the list has
    no titles. `wrong`: why the line cannot be read."""

    number: int
    text: str
    dossier: str = ""
    finess: str = ""
    client: str = ""
    names: tuple[str, ...] = ()
    wrong: str = ""


def read_list(content: bytes) -> list[ListedDeposit]:
    """Every line that is not blank. Raises BadFile."""
    return [_deposit(line) for line in titled_lines(content, TITLES, most=MOST)]


def _deposit(line: TitledLine) -> ListedDeposit:
    if line.wrong:
        return ListedDeposit(line.number, line.text, wrong=next(iter(line.wrong.values())))
    if line.cells:
        return ListedDeposit(
            line.number,
            line.text,
            dossier=fold(line.cells.get("dossier", "")),
            finess=compact(line.cells.get("finess", "")),
            client=one_line(line.cells.get("client", "")),
        )
    finess = [cell for cell in line.rest if _FINESS.fullmatch(compact(cell))]
    names = tuple(fold(cell) for cell in line.rest if cell not in finess)
    return ListedDeposit(
        line.number, line.text, finess=compact(finess[0]) if finess else "", names=names
    )
