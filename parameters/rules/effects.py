"""What a change of a parameter changes: each app registers what it can count."""

import datetime as dt
from collections import Counter
from collections.abc import Callable, Collection, Hashable, Mapping
from dataclasses import dataclass

Figures = Mapping[int, tuple[str, Hashable]]
"""Object id → its standing in words, and the exact figure behind it."""


@dataclass(frozen=True)
class Measure:
    """What an app can count for the parameters of `keys`.

    `one`, `many`: what is counted. `read`: the figures of all these objects at an instant.
    `concerned`: the organisations of the objects of these ids.
    """

    keys: frozenset[str]
    one: str
    many: str
    read: Callable[[dt.datetime], Figures]
    concerned: Callable[[Collection[int]], set[int]]


@dataclass(frozen=True)
class Effect:
    """The objects of one measure whose figure changes. `moves`: how many go from one standing to
    another, the most numerous first; the same standing twice means that only the exact figure
    changes."""

    measure: Measure
    changed: frozenset[int]
    moves: tuple[tuple[str, str, int], ...]

    @property
    def label(self) -> str:
        return self.measure.one if len(self.changed) == 1 else self.measure.many

    @property
    def organisations(self) -> set[int]:
        return self.measure.concerned(self.changed) if self.changed else set()


MEASURES: list[Measure] = []
UNMEASURED = ("sans mesure", None)


def register(*measures: Measure) -> None:
    """From `registrations.py` of an app."""
    MEASURES.extend(one for one in measures if one not in MEASURES)


def measures_of(key: str) -> list[Measure]:
    return [measure for measure in MEASURES if key in measure.keys]


def compare(measure: Measure, before: Figures, after: Figures) -> Effect:
    pairs = {
        pk: (before.get(pk, UNMEASURED), after.get(pk, UNMEASURED))
        for pk in before.keys() | after.keys()
    }
    changed = {pk: pair for pk, pair in pairs.items() if pair[0] != pair[1]}
    moves = Counter((old[0], new[0]) for old, new in changed.values())
    return Effect(
        measure,
        frozenset(changed),
        tuple((old, new, number) for (old, new), number in moves.most_common()),
    )
