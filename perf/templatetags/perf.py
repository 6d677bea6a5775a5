"""Filters for the figures of the engine, which are microseconds and fractions."""

import datetime as dt
from collections.abc import Sequence
from fractions import Fraction

from django import template

from perf.display import words
from perf.engine.explain import Part, Why
from perf.engine.instants import from_us
from perf.engine.score import Scale
from perf.enums import OutageStanding
from perf.selectors.outages import MEANINGS as STANDINGS

MEANINGS = {Fraction(1): "done", Fraction(1, 2): "soon", Fraction(0): "late"}

register = template.Library()


@register.filter
def duration(microseconds: int) -> str:
    """«6 h 00 min»."""
    return words.duration(microseconds)


@register.filter
def running(microseconds: int) -> str:
    """«0 h 35 min 32 s», of a clock that runs."""
    return words.running(microseconds)


@register.filter
def downtime(microseconds: int, scale: Scale) -> str:
    """«6 h 00 min», to the second near a threshold of the scale."""
    return words.downtime(microseconds, scale)


@register.filter
def hours(microseconds: int) -> str:
    """«10 h», for a threshold."""
    return words.limit(microseconds)


@register.filter
def magnitude(microseconds: int) -> int:
    return abs(microseconds)


@register.filter
def instant(microseconds: int) -> dt.datetime:
    """For the filters and components that take a datetime."""
    return from_us(microseconds)


@register.filter
def score(perf: Fraction) -> str:
    """«1», «0,5», «0»."""
    return words.perf(perf)


@register.filter
def meaning(perf: Fraction) -> str:
    """The colour and icon that go with the score."""
    return MEANINGS[perf]


@register.filter
def standing_meaning(standing: str) -> str:
    """The colour and icon of what was decided of an outage."""
    return STANDINGS[OutageStanding(standing)]


@register.filter
def why(part: Part) -> str:
    """Why this part counted, or did not."""
    return words.why(part)


@register.filter
def added_up(parts: Sequence[Part]) -> list[tuple[str, int]]:
    """The reasons of an outage and their lengths, in the order in which they come."""
    totals: dict[str, int] = {}
    for part in parts:
        reason = "déjà pris en compte" if part.why == Why.MERGED else why(part)
        totals[reason] = totals.get(reason, 0) + part.length
    return list(totals.items())


@register.filter
def first(parts: Sequence[Part], count: int) -> Sequence[Part]:
    """The first `count` parts."""
    return parts[:count]
