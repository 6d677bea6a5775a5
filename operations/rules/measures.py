"""What is measured of the work done in the background, and when it is too much or too little."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

AGE, COUNT = "s", ""


@dataclass(frozen=True, slots=True)
class WorkMeasure:
    """`value` is None for what has never happened, which is not well. `is_floor`: well at the
    limit and above; otherwise well at the limit and below.
    """

    name: str
    label: str
    value: float | None
    limit: float
    unit: str = AGE
    is_floor: bool = False

    @property
    def is_well(self) -> bool:
        if self.value is None:
            return False
        return self.value >= self.limit if self.is_floor else self.value <= self.limit


def troubles(measures: Iterable[WorkMeasure]) -> list[WorkMeasure]:
    return [measure for measure in measures if not measure.is_well]
