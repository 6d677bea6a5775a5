"""The days that a text names, as people write them in French."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator

_MONTHS = ("janv", "fev", "mars", "avr", "mai", "juin", "juil", "aou", "sep", "oct", "nov", "dec")
_NUMBERS = re.compile(r"(?<!\d)(\d{1,2})\s?[/.-]\s?(\d{1,2})\s?[/.-]\s?(\d{4}|\d{2})(?!\d)")
_ISO = re.compile(r"(?<!\d)(\d{4})-(\d{2})-(\d{2})(?!\d)")
_LETTERS = re.compile(r"(?<!\d)(\d{1,2})(?:er)?\s+([a-zéèûô]+)\.?\s+(\d{4})(?!\d)", re.IGNORECASE)
_PLAIN = str.maketrans("éèûô", "eeuo")


def days_in(text: str) -> set[dt.date]:
    """«10/11/2026», «10-11-26», «2026-11-10», «10 novembre 2026», «1er août 2026»; what is no day
    of the calendar is left out.
    """
    return {day for year, month, number in _found(text) if (day := _day(year, month, number))}


def _found(text: str) -> Iterator[tuple[int, int, int]]:
    for number, month, year in _NUMBERS.findall(text):
        yield int(year) + (0 if len(year) == len("2026") else 2000), int(month), int(number)
    for year, month, number in _ISO.findall(text):
        yield int(year), int(month), int(number)
    for number, name, year in _LETTERS.findall(text):
        plain = name.lower().translate(_PLAIN)
        for place, month in enumerate(_MONTHS, 1):
            if plain.startswith(month):
                yield int(year), place, int(number)


def _day(year: int, month: int, number: int) -> dt.date | None:
    try:
        return dt.date(year, month, number)
    except ValueError:
        return None
