"""Selections of acts in number: their words, and what changed since they were shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from segur.requests import is_key

MOST = 300
"""Rows of one act: on SQLite everybody waits while they are written."""

GONE = "N'existe plus, ou ne vous est plus visible."
MOVED = "A changé depuis que cette page vous a été montrée : vérifiez-la avant de confirmer."

Selection = Mapping[int, str]
"""Primary key → stamp of the row as it was shown."""


@dataclass(frozen=True, slots=True)
class Counted:
    """Words that depend on a number: «Déclarer le dépôt», «Déclarer les {} dépôts»."""

    one: str
    many: str

    def __call__(self, number: int) -> str:
        return (self.many if number > 1 else self.one).format(number)


def written(selection: Selection) -> str:
    """As the page carries it: «12:a1b2c3,13:…»."""
    return ",".join(f"{pk}:{stamp}" for pk, stamp in selection.items())


def read_selection(text: str) -> dict[int, str]:
    """What `written` made; what is not understood is left out. At most MOST rows."""
    pairs = (part.partition(":") for part in text.split(",")[:MOST])
    return {int(pk): stamp for pk, _, stamp in pairs if is_key(pk)}


def lost_since(shown: Selection, now: Mapping[int, tuple[str, str, str]]) -> list[tuple[str, str]]:
    """The rows that were shown and cannot be acted on as they were: (words, why). `now`: primary
    key → words of the row, its stamp, why it is refused.
    """
    lost = [("Une ligne", GONE) for pk in shown if pk not in now]
    for pk, (words, stamp, why) in now.items():
        if why or stamp != shown[pk]:
            lost.append((words, why or MOVED))
    return lost
