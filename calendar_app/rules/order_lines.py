"""Lines pasted from a spreadsheet: FINESS; order; deposit of the advance; its reference."""

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass

from segur.lib import paris
from segur.lib.texts import difference, fold

MAX_LINES = 500
COLUMNS = 4
ORDER_LENGTH, DEPOSIT_LENGTH = 60, 80
_FINESS = re.compile(r"([0-9]{2}|2[AB])[0-9]{7}")
_INSTANT = re.compile(
    r"(\d{2}/\d{2}/\d{4})(?: à)? (\d{1,2})[h:](?:(\d{2})(?: ?min)?(?::(\d{2}))?)?"
)


@dataclass(frozen=True)
class OrderLine:
    """One line, `number` counted from 1 as pasted; `error` says what is wrong in it, or "".
    `written`: the FINESS before it was folded.
    """

    number: int
    finess: str = ""
    order_reference: str = ""
    deposited_at: dt.datetime | None = None
    deposit_reference: str = ""
    error: str = ""
    written: str = ""


def read_lines(text: str) -> list[OrderLine]:
    """The lines of a paste: separated by «;» or tabs; blank ones and a heading are skipped."""
    return list(_with_doubles(_read(text)))


def _read(text: str) -> Iterator[OrderLine]:
    for number, line in enumerate(text.splitlines(), 1):
        written = re.split(r"[;\t]", line)
        cells = [fold(cell).strip('"').strip() for cell in written]
        is_heading = number == 1 and cells[0].casefold().startswith(("finess", "n° finess"))
        if any(cells) and not is_heading:
            yield _line(number, cells, written[0])


def _line(number: int, cells: list[str], written: str) -> OrderLine:
    finess, reference, deposit, deposit_reference = (cells + [""] * COLUMNS)[:COLUMNS]
    finess = re.sub(r"[\s.\-]", "", finess).upper()
    error = _error(finess, reference, deposit, deposit_reference, cells[COLUMNS:])
    instant = None
    if deposit and not error:
        instant, error = _instant(deposit)
    return OrderLine(number, finess, reference, instant, deposit_reference, error, written)


def _error(
    finess: str, reference: str, deposit: str, deposit_reference: str, rest: list[str]
) -> str:
    checks = (
        (any(rest), f"Trop de colonnes : {COLUMNS} au plus."),
        (
            re.fullmatch(r"\d{8}", finess),
            f"FINESS {finess} : 8 chiffres. Le tableur a-t-il perdu le zéro du début ?",
        ),
        (
            not _FINESS.fullmatch(finess),
            "La première colonne est le FINESS, 9 caractères, par exemple 750712184.",
        ),
        (
            len(reference) > ORDER_LENGTH,
            f"La référence du BDC dépasse {ORDER_LENGTH} caractères.",
        ),
        (
            len(deposit_reference) > DEPOSIT_LENGTH,
            f"Le numéro de l'accusé dépasse {DEPOSIT_LENGTH} caractères.",
        ),
        (
            deposit_reference and not deposit,
            "Un numéro d'accusé sans date de dépôt : donnez le jour et l'heure du dépôt.",
        ),
    )
    return next((sentence for is_wrong, sentence in checks if is_wrong), "")


def _instant(text: str) -> tuple[dt.datetime | None, str]:
    """«05/11/2026 17:42», «… 17:42:08», «… 17h42», «… à 9h»: Paris time, always an hour."""
    match = _INSTANT.fullmatch(text)
    if not match:
        return None, f"Date de dépôt « {text} » : écrivez le jour et l'heure, 05/11/2026 17:42."
    day, hour, minute, second = match.groups()
    try:
        moment = dt.datetime.strptime(day, "%d/%m/%Y").date()  # noqa: DTZ007  (a day)
        clock = dt.time(int(hour), int(minute or 0), int(second or 0))
        instant = paris.at(moment, clock)
    except (ValueError, OverflowError):
        return None, f"Date de dépôt « {text} » : ce jour ou cette heure n'existe pas."
    if clock == dt.time(0):
        return None, "Précisez l'heure du dépôt : 00h00 est le tout début de la journée."
    return instant, ""


def _with_doubles(lines: Iterator[OrderLine]) -> Iterator[OrderLine]:
    seen: dict[str, OrderLine] = {}
    for line in lines:
        first = seen.setdefault(line.finess, line)
        if line.error or first is line:
            yield line
        else:
            yield OrderLine(line.number, line.finess, error=_double(first, line))


def _double(first: OrderLine, line: OrderLine) -> str:
    by = difference(first.written, line.written)
    alike = f" : les deux ne diffèrent que par {by}" if "U+" in by else ""
    return f"Ce FINESS est déjà à la ligne {first.number}{alike}."
