"""What components/_gauge.html and perf/_reading.html draw, from the figures of the engine."""

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from django.utils.text import capfirst

from perf.display import words
from perf.engine.instants import HOUR
from perf.engine.score import Scale
from perf.rules.figures import Figure, Reading

MAX_PARTS, FEWEST, MOST = 3_000, 5, 60
"""Lines of explanation on a page, and the bounds of those of one outage."""

NARROW = 12
"""In percent of the gauge: a narrower zone has no room for its name."""

_MEANINGS = ("done", "soon", "late")


def gauge(figure: Figure, *, ident: str, title: str) -> dict[str, Any]:
    passed = sum(left < 0 for left in figure.left)
    full = _full(figure.scale)
    return {
        "id": ident,
        "title": title,
        "used": f"D_f {words.downtime(figure.counted, figure.scale)}",
        "left": budget(figure),
        "perf": words.perf(figure.perf),
        "meaning": _MEANINGS[passed],
        "used_pct": _pct(min(figure.counted, full), full),
        "zones": list(_zones(figure.scale)),
    }


def budget(figure: Figure) -> str:
    """«reste 4 h 00 min avant PERF 0,5», for the next threshold."""
    scale = figure.scale
    for left, (_step, to) in zip(figure.left, scale.falls, strict=True):
        if left >= 0:
            return f"reste {words.downtime(left, scale)} avant PERF {words.perf(to)}"
    return f"{words.downtime(-figure.left[-1], scale)} de trop"


def reading(item: Reading, *, forecast: str, note: str = "") -> dict[str, Any]:
    """What perf/_reading.html shows: its title, and a gauge before and after the planned stop.
    `forecast`: the title of what is to come.
    """
    title = words.READINGS[item.base]
    pairs = (("avant", item.before), ("apres", item.after))
    return {
        "reading": item,
        "title": capfirst(title),
        "note": note,
        "forecast": forecast,
        "gauges": [
            gauge(
                figure,
                ident=f"jauge-{item.code.lower()}-{moment}",
                title=f"Durée d'indisponibilité, {title}",
            )
            if figure
            else None
            for moment, figure in pairs
        ],
    }


def parts_shown(outages: int) -> int:
    """How many parts of each outage a page explains, so that it stays bounded."""
    return max(FEWEST, min(MOST, MAX_PARTS // (outages + 1)))


def _full(scale: Scale) -> int:
    """What the gauge shows: every threshold and a little beyond, 0 to 24 h for 20 h."""
    return max(HOUR, scale.steps[-1].limit * 6 // 5)


def _zones(scale: Scale) -> Iterator[dict[str, Any]]:
    start, full = 0, _full(scale)
    for step in scale.steps:
        yield _zone(step.perf, words.limit(step.limit), _pct(start, full), _pct(step.limit, full))
        start = step.limit
    yield _zone(scale.beyond, "", _pct(start, full), 100.0)


def _zone(perf: Fraction, until: str, start: float, end: float) -> dict[str, Any]:
    return {
        "label": f"PERF {words.perf(perf)}" if end - start >= NARROW else "",
        "until": until,
        "start_pct": start,
        "end_pct": end,
        "middle_pct": round((start + end) / 2, 2),
    }


def _pct(part: int, whole: int) -> float:
    return round(100 * part / whole, 2)
