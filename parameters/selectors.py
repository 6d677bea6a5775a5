"""Reads of the regulatory parameters: what holds at an instant, what held, what will."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field

from parameters.models import RegulatoryParameter
from parameters.rules.kinds import Parameter, Value
from parameters.rules.registry import REGISTRY

History = list[tuple[dt.datetime, Value]]
"""Date of effect and value, newest effect first."""


@dataclass
class _Page:
    versions: list[RegulatoryParameter] = field(default_factory=list)
    is_read: bool = False


_page: ContextVar[_Page | None] = ContextVar("parameters of a page", default=None)


@contextmanager
def read_once() -> Iterator[None]:
    """Within, the parameters are read from the database once: for a page, which changes none and
    asks for up to ten of them."""
    token = _page.set(_Page())
    try:
        yield
    finally:
        _page.reset(token)


@contextmanager
def read_each_time() -> Iterator[None]:
    """Within, what was read before does not count: a page shows what a change would do by making
    and undoing it."""
    token = _page.set(None)
    try:
        yield
    finally:
        _page.reset(token)


def _versions() -> list[RegulatoryParameter]:
    """Every version, newest effect first."""
    page = _page.get() or _Page()
    if not page.is_read:
        page.versions = list(RegulatoryParameter.objects.order_by("-effective_from", "-pk"))
        page.is_read = True
    return page.versions


@dataclass(frozen=True)
class ParameterRow:
    """A parameter at an instant. `current` is None while its default holds; `history` has every
    version, the retired ones too, newest effect first; `coming`: those that do not hold yet."""

    parameter: Parameter
    value: Value
    current: RegulatoryParameter | None
    history: tuple[RegulatoryParameter, ...]
    coming: tuple[RegulatoryParameter, ...]

    @property
    def shown(self) -> str:
        return self.parameter.shown(self.value)

    @property
    def shown_default(self) -> str:
        return self.parameter.shown(self.parameter.default)

    @property
    def is_confirmed(self) -> bool:
        """From the slides while nobody has set it, else from the text that its author names."""
        return self.current.is_confirmed if self.current else self.parameter.is_specified

    @property
    def source(self) -> str:
        return self.current.source if self.current else self.parameter.source

    def without(self, version: RegulatoryParameter) -> RegulatoryParameter | None:
        """What would hold at the date of effect of this version if it were retired; None for the
        default."""
        earlier = (
            one
            for one in self.history
            if one.pk != version.pk
            and one.retired_at is None
            and one.effective_from <= version.effective_from
        )
        return next(earlier, None)


def value(key: str, *, at: dt.datetime) -> Value:
    """The value in effect at the instant: the newest whose date of effect is reached, else the
    registry's default. Raises KeyError for a key that the registry does not know.
    """
    return value_in(histories([key])[key], key, at)


def value_at_any(key: str) -> Callable[[dt.datetime], Value]:
    """`value` of one key for any number of instants, in one query."""
    history = histories([key])[key]
    return lambda at: value_in(history, key, at)


def histories(keys: Collection[str]) -> dict[str, History]:
    """Every standing version of the keys, newest effect first, in one query."""
    found: dict[str, History] = {key: [] for key in keys}
    if _page.get():
        for one in _versions():
            if one.key in found and one.retired_at is None:
                found[one.key].append((one.effective_from, one.value))
        return found
    standing = RegulatoryParameter.objects.standing()
    versions = standing.filter(key__in=keys).order_by("-effective_from", "-pk")
    for key, start, value in versions.values_list("key", "effective_from", "value"):
        found[key].append((start, value))
    return found


def value_in(history: History, key: str, at: dt.datetime) -> Value:
    """What `value` would say, from the history of the key."""
    return next((value for start, value in history if start <= at), REGISTRY[key].default)


def values(*, at: dt.datetime) -> dict[str, Value]:
    """Every parameter's value in effect at the instant, in one query."""
    return {row.parameter.key: row.value for row in rows(at=at)}


def rows(*, at: dt.datetime) -> list[ParameterRow]:
    """All parameters in the registry's order, with their history, in one query."""
    history: defaultdict[str, list[RegulatoryParameter]] = defaultdict(list)
    for version in _versions():
        history[version.key].append(version)
    return [_row(parameter, history[key], at) for key, parameter in REGISTRY.items()]


def grouped(found: list[ParameterRow]) -> dict[str, list[ParameterRow]]:
    """Group → its rows, both in the registry's order."""
    groups: defaultdict[str, list[ParameterRow]] = defaultdict(list)
    for row in found:
        groups[row.parameter.group].append(row)
    return dict(groups)


def _row(parameter: Parameter, history: list[RegulatoryParameter], at: dt.datetime) -> ParameterRow:
    standing = [version for version in history if version.retired_at is None]
    current = next((version for version in standing if version.effective_from <= at), None)
    return ParameterRow(
        parameter=parameter,
        value=current.value if current else parameter.default,
        current=current,
        history=tuple(history),
        coming=tuple(version for version in standing if version.effective_from > at),
    )
