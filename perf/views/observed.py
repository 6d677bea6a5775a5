"""The observation period that an address asks for, and the links to the others."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.http import QueryDict
from django.utils.http import urlencode

from perf.enums import Period
from perf.rules import periods
from perf.rules.periods import ObservationPeriod
from perf.selectors.rules import period_kind
from segur.lib import paris

NOON = dt.time(12)
NOTHING: Mapping[str, str] = {}


def chosen(data: QueryDict, *, now: dt.datetime) -> ObservationPeriod:
    """The period that the address asks for; the present one where it asks for none that can be."""
    asked = data.get("duree", "")
    kind = Period(asked) if asked in Period.values else period_kind(now)
    try:
        day = dt.date.fromisoformat(data.get("jour", ""))
    except ValueError:
        day = paris.day(now)
    instant = paris.at(day, NOON) if periods.is_computed(day) else now
    return periods.containing(instant, kind)


def navigation(
    period: ObservationPeriod,
    address: str,
    now: dt.datetime,
    kept: Mapping[str, str] = NOTHING,
) -> dict[str, Any]:
    """The other lengths and the neighbours of the period, with what else the address keeps; a year
    not computed has no link.
    """

    def link(kind: Period, start: dt.datetime) -> str:
        asked = {"duree": kind.value, "jour": paris.day(start).isoformat()}
        return f"{address}?{urlencode({**kept, **asked})}"

    def neighbour(other: ObservationPeriod) -> dict[str, str] | None:
        if not periods.is_computed(paris.day(other.start)):
            return None
        return {"label": other.label, "url": link(other.kind, other.start)}

    is_present = period.start <= now < period.end
    return {
        "period": period,
        "first_day": paris.day(period.start),
        "last_day": paris.last_day(period.end),
        "is_present": is_present,
        "is_over": period.end <= now,
        "kinds": [
            {
                "label": kind.label,
                "url": link(kind, now if is_present else period.start),
                "current": kind == period.kind,
                "count": None,
            }
            for kind in Period
        ],
        "previous": neighbour(period.previous),
        "next": neighbour(period.next),
        "present": link(period.kind, now),
    }
