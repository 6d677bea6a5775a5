"""What a change of a parameter changes, measured by making it; and who learns of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from django.db import transaction

from journal.rules.by import By
from journal.services.readings import effects_stamp
from parameters.models import RegulatoryParameter
from parameters.rules.effects import Effect, compare, measures_of
from parameters.rules.kinds import Value
from parameters.selectors import histories, read_each_time, value_in
from segur.lib.registry import Registry


@dataclass(frozen=True)
class ParameterChange:
    """`version` is the value set or retired, `before` the one that held; `effects`: those of the
    measures that change; `at`: the instant at which both sides are measured, that of the effect
    when it is still to come.
    """

    version: RegulatoryParameter
    before: Value
    effects: list[Effect]
    at: dt.datetime

    @property
    def stamp(self) -> str:
        moved = [(one.measure.one, sorted(one.changed), one.moves) for one in self.effects]
        return effects_stamp(self.before, moved)

    @property
    def organisations(self) -> set[int]:
        return set().union(*(effect.organisations for effect in self.effects))


Teller = Callable[[ParameterChange, By], None]
_tellers: Registry[Teller] = Registry()
add_teller = _tellers.add
"""From `registrations.py` of an app that knows people: it writes to those concerned."""


def tell(change: ParameterChange, *, by: By) -> None:
    for teller in _tellers:
        teller(change, by)


def measure(key: str, at: dt.datetime, make: Callable[[], RegulatoryParameter]) -> ParameterChange:
    """Make the change, and compare the figures that the apps compute before and after it."""
    held = value_in(histories([key])[key], key, at)
    measures = measures_of(key)
    before = [one.read(at) for one in measures]
    version = make()
    compared = [compare(one, old, one.read(at)) for one, old in zip(measures, before, strict=True)]
    return ParameterChange(version, held, [effect for effect in compared if effect.changed], at)


def preview(make: Callable[[], ParameterChange]) -> ParameterChange:
    """What `make` would change: it is made, then undone. Raises what it raises."""
    with read_each_time(), transaction.atomic():
        change = make()
        transaction.set_rollback(True)
    return change
