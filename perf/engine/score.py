"""PERF from D_f, compared on exact microseconds, never on a rounded figure (DOMAIN §4)."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from perf.engine.instants import HOUR


@dataclass(frozen=True)
class Step:
    """The score that holds while D_f is at most `limit` microseconds."""

    limit: int
    perf: Fraction


@dataclass(frozen=True)
class Scale:
    """Steps in increasing order of limit, and the score beyond the last."""

    steps: Sequence[Step]
    beyond: Fraction = Fraction(0)

    def perf(self, counted: int) -> Fraction:
        """The score of `counted` microseconds of downtime."""
        return next((s.perf for s in self.steps if counted <= s.limit), self.beyond)

    @property
    def falls(self) -> list[tuple[Step, Fraction]]:
        """Each step with the score that follows it."""
        after = [*(step.perf for step in self.steps[1:]), self.beyond]
        return list(zip(self.steps, after, strict=True))

    def left(self, counted: int) -> list[int]:
        """Microseconds of budget left to each limit, negative once it is passed."""
        return [step.limit - counted for step in self.steps]


OFFICIAL = Scale((Step(10 * HOUR, Fraction(1)), Step(20 * HOUR, Fraction(1, 2))))
"""«Egale à 1, dès lors que D_f est inférieure ou égale à 10 heures»; 0,5 to 20 hours; else 0."""


def perf_text(perf: Fraction) -> str:
    """«1», «0.5», «0»."""
    return f"{float(perf):g}"
