"""The regulatory parameters that this site knows: each app declares its own (DOMAIN §9)."""

from collections.abc import Iterable, Sequence

from parameters.rules.kinds import Parameter

REGISTRY: dict[str, Parameter] = {}

ORDERED: list[tuple[str, str]] = []
"""Pairs of which the first may never be above the second, at any instant."""

HOURS: list[str] = []
"""Of which one at least is open, at any instant: else a delay in open time would never end."""


def declare(
    parameters: Iterable[Parameter],
    *,
    ordered: Sequence[tuple[str, str]] = (),
    hours: Sequence[str] = (),
) -> None:
    """From `registrations.py` of an app: its parameters, in the order of the page."""
    REGISTRY.update({parameter.key: parameter for parameter in parameters})
    ORDERED.extend(pair for pair in ordered if pair not in ORDERED)
    HOURS.extend(key for key in hours if key not in HOURS)
