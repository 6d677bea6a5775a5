"""Whole numbers as French writes them, and the nouns that they count."""

from segur.lib.no_break import THIN

PLURAL_FROM = 2


def whole(value: int) -> str:
    """«38 000»: the narrow space between thousands ends no line."""
    return f"{value:,}".replace(",", THIN)


def plural(count: int) -> str:
    """What a noun takes after a number: 0 and 1 are singular."""
    return "s" if abs(count) >= PLURAL_FROM else ""


def counted(count: int, noun: str) -> str:
    """«1 jour», «3 jours»."""
    return f"{count} {noun}{plural(count)}"
