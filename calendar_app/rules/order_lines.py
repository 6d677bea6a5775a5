"""A line of a list of Clients and prestations: the Client; its order; deposit of the advance."""

import datetime as dt
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from segur.lib import paris
from segur.lib.texts import compact, difference, fold, one_line

MAX_LINES = 20_000
ORDER_LENGTH, DEPOSIT_LENGTH, NAME_LENGTH, CITY_LENGTH = 60, 80, 200, 100
_FINESS = re.compile(r"([0-9]{2}|2[AB])[0-9]{7}")
_INSTANT = re.compile(
    r"(\d{2}/\d{2}/\d{4})(?: à)? (\d{1,2})[h:](?:(\d{2})(?: ?min)?(?::(\d{2}))?)?(?:\.0+)?"
)


@dataclass(frozen=True)
class OrderLine:
    """One line, `number` as in the file; `error` says what is wrong in it, or "", and `column` in
    which cell. `name`, `city`, `siren` and `siret` are for a Client that the directory lacks.
    `written`: the FINESS before it was folded.
    """

    number: int
    finess: str = ""
    name: str = ""
    city: str = ""
    siren: str = ""
    siret: str = ""
    order_reference: str = ""
    deposited_at: dt.datetime | None = None
    deposit_reference: str = ""
    error: str = ""
    column: str = ""
    written: str = ""


def order_line(number: int, cells: dict[str, str]) -> OrderLine:
    """`cells`: column → text, of the fields of OrderLine; `deposit` is the instant as written."""
    finess = compact(cells.get("finess", ""))
    deposit = fold(cells.get("deposit", ""))
    line = OrderLine(
        number,
        finess,
        name=one_line(cells.get("name", "")),
        city=one_line(cells.get("city", "")),
        siren=compact(cells.get("siren", "")),
        siret=compact(cells.get("siret", "")),
        order_reference=fold(cells.get("order_reference", "")),
        deposit_reference=fold(cells.get("deposit_reference", "")),
        written=cells.get("finess", ""),
    )
    column, error = _error(line, deposit)
    instant = None
    if deposit and not error:
        instant, error = _instant(deposit)
        column = "dépôt de l'avance" if error else ""
    return replace(line, deposited_at=instant, error=error, column=column)


def _error(line: OrderLine, deposit: str) -> tuple[str, str]:
    """(column, sentence) of the first thing wrong, both empty where nothing is."""
    checks = (
        (
            re.fullmatch(r"\d{8}", line.finess),
            "FINESS",
            f"FINESS {line.finess} : 8 chiffres. Le tableur a-t-il perdu le zéro du début ?",
        ),
        (
            not _FINESS.fullmatch(line.finess),
            "FINESS",
            "Indiquez le FINESS, 9 caractères, par exemple 999000184.",
        ),
        (
            len(line.name) > NAME_LENGTH,
            "nom",
            f"Le nom dépasse {NAME_LENGTH} caractères.",
        ),
        (
            len(line.city) > CITY_LENGTH,
            "commune",
            f"La commune dépasse {CITY_LENGTH} caractères.",
        ),
        (
            len(line.order_reference) > ORDER_LENGTH,
            "BDC",
            f"La référence du BDC dépasse {ORDER_LENGTH} caractères.",
        ),
        (
            len(line.deposit_reference) > DEPOSIT_LENGTH,
            "accusé",
            f"Le numéro de l'accusé dépasse {DEPOSIT_LENGTH} caractères.",
        ),
        (
            line.deposit_reference and not deposit,
            "accusé",
            "Un numéro d'accusé sans date de dépôt : donnez le jour et l'heure du dépôt.",
        ),
    )
    found = ((column, sentence) for is_wrong, column, sentence in checks if is_wrong)
    return next(found, ("", ""))


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


def without_doubles(lines: Iterable[OrderLine]) -> Iterator[OrderLine]:
    """The lines; one that repeats the FINESS of another says so."""
    seen: dict[str, OrderLine] = {}
    for line in lines:
        first = seen.setdefault(line.finess, line)
        if line.error or first is line:
            yield line
        else:
            yield replace(line, error=_double(first, line), column="FINESS", deposited_at=None)


def _double(first: OrderLine, line: OrderLine) -> str:
    by = difference(first.written, line.written)
    alike = f" : les deux ne diffèrent que par {by}" if "U+" in by else ""
    return f"Ce FINESS est déjà à la ligne {first.number}{alike}."
