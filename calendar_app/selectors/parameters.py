"""Reads of the regulatory parameters: what holds at an instant, what held, what will."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass

from calendar_app.models import RegulatoryParameter
from calendar_app.rules.parameters import REGISTRY, Parameter, Value, shown


@dataclass(frozen=True)
class ParameterRow:
    """A parameter at an instant. `current` is None while its default holds; `history` has every
    version, newest effect first, and `coming` those of them that do not hold yet."""

    parameter: Parameter
    value: Value
    current: RegulatoryParameter | None
    history: tuple[RegulatoryParameter, ...]
    coming: tuple[RegulatoryParameter, ...]

    @property
    def shown(self) -> str:
        return shown(self.value)

    @property
    def shown_default(self) -> str:
        return shown(self.parameter.default)

    @property
    def is_confirmed(self) -> bool:
        return self.current is not None and self.current.is_confirmed

    @property
    def source(self) -> str:
        return self.current.source if self.current else self.parameter.source


def value(key: str, *, at: dt.datetime) -> Value:
    """The value in effect at the instant: the newest whose date of effect is reached, else the
    registry's default. Raises KeyError for a key that the registry does not know.
    """
    default = REGISTRY[key].default
    newest = (
        RegulatoryParameter.objects.filter(key=key, effective_from__lte=at)
        .order_by("-effective_from", "-pk")
        .values_list("value", flat=True)
        .first()
    )
    return default if newest is None else newest


def value_at_any(key: str) -> Callable[[dt.datetime], Value]:
    """`value` of one key for any number of instants, in one query."""
    default = REGISTRY[key].default
    versions = RegulatoryParameter.objects.filter(key=key).order_by("-effective_from", "-pk")
    history = list(versions.values_list("effective_from", "value"))
    return lambda at: next((value for start, value in history if start <= at), default)


def values(*, at: dt.datetime) -> dict[str, Value]:
    """Every parameter's value in effect at the instant, in one query."""
    return {row.parameter.key: row.value for row in rows(at=at)}


def rows(*, at: dt.datetime) -> list[ParameterRow]:
    """All parameters in the registry's order, with their history, in one query."""
    history: defaultdict[str, list[RegulatoryParameter]] = defaultdict(list)
    for version in RegulatoryParameter.objects.order_by("-effective_from", "-pk"):
        history[version.key].append(version)
    return [_row(parameter, history[key], at) for key, parameter in REGISTRY.items()]


def _row(parameter: Parameter, history: list[RegulatoryParameter], at: dt.datetime) -> ParameterRow:
    current = next((version for version in history if version.effective_from <= at), None)
    return ParameterRow(
        parameter=parameter,
        value=current.value if current else parameter.default,
        current=current,
        history=tuple(history),
        coming=tuple(version for version in history if version.effective_from > at),
    )
