"""The 106 criteria of RGAA 4.1 (`docs/rgaa.md`), which the page «Accessibilité» counts."""

import re
from dataclasses import dataclass
from functools import cache

from django.conf import settings

FILE = settings.BASE_DIR / "docs" / "rgaa.md"
ROW = re.compile(
    r"^\| (?P<number>\d+\.\d+) \| (?P<title>[^|]+) \| (?P<applies>oui|non) \| "
    r"(?:(?P<holds>oui|non|à vérifier) )?\| (?P<how>[^|]+) \|$",
    re.MULTILINE,
)


@dataclass(frozen=True)
class Criterion:
    number: str
    title: str
    applies: bool
    holds: str
    """«oui», «non» or «à vérifier»; "" where it does not apply."""
    how: str


@dataclass(frozen=True)
class Evaluation:
    criteria: tuple[Criterion, ...]

    @property
    def applicable(self) -> list[Criterion]:
        return [one for one in self.criteria if one.applies]

    @property
    def held(self) -> list[Criterion]:
        return [one for one in self.applicable if one.holds == "oui"]

    @property
    def others(self) -> list[Criterion]:
        """Not held, or not verified: the rate counts both as not held."""
        return [one for one in self.applicable if one.holds != "oui"]

    @property
    def rate(self) -> float:
        """Percent, rounded down to a hundredth: never more than what holds."""
        return 10_000 * len(self.held) // len(self.applicable) / 100


@cache
def evaluation() -> Evaluation:
    return read(FILE.read_text())


def read(text: str) -> Evaluation:
    return Evaluation(
        tuple(
            Criterion(
                row["number"], row["title"], row["applies"] == "oui", row["holds"] or "", row["how"]
            )
            for row in ROW.finditer(text)
        )
    )
