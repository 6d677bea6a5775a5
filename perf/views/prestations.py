"""PERF of one prestation: where it stands in an observation period, and why."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from accounts.requests import MemberRequest
from calendar_app.rules.parameters import BASE, MAINTENANCE, PERIOD
from calendar_app.selectors.parameters import rows
from calendar_app.selectors.prestations import prestations_seen
from perf import periods, pictures, weeks, words
from perf.engine.hours import FIRST_YEAR, LAST_YEAR
from perf.enums import Period
from perf.models import Service
from perf.permissions import can_record, sources_of
from perf.selectors.rules import period_kind, rules_at
from perf.selectors.situations import Situation, situation
from segur.lib import paris

UNSURE = (BASE, PERIOD, MAINTENANCE)
NOON = dt.time(12)
MAX_PARTS, FEWEST, MOST = 3_000, 5, 60
"""Lines of explanation on the page, and the bounds of those of one outage."""


@require_safe
def prestation(request: MemberRequest, pk: int) -> HttpResponse:
    prestation = get_object_or_404(prestations_seen(request.user), pk=pk)
    context: dict[str, Any] = {
        "prestation": prestation,
        "solution": prestation.supplier.solution,
        "may_record": can_record(request.user, prestation),
    }
    if not prestation.dispositif.needs_proxy:
        return render(request, "perf/prestation_ris.html", context)
    service = Service.objects.filter(prestation=prestation).first()
    if service is None:
        return render(request, "perf/prestation_undeclared.html", context)
    now = timezone.now().replace(microsecond=0)
    official = period_kind(now)
    period = _chosen(request.GET, official, now=now)
    at = min(now, period.end - periods.MOMENT)
    found = situation(
        service,
        start=period.start,
        end=period.end,
        now=now,
        rules=rules_at(at, client=prestation.client),
    )
    context |= {
        "service": service,
        "sources": sources_of(request.user) if context["may_record"] else (),
        "official": official,
        **_shown(found),
        **_navigation(period, reverse("perf:prestation", kwargs={"pk": pk}), now),
        "to_confirm": [
            row for row in rows(at=at) if row.parameter.key in UNSURE and not row.is_confirmed
        ],
    }
    return render(request, "perf/prestation.html", context)


def _shown(found: Situation) -> dict[str, Any]:
    simulation = found.simulation
    in_force, other = sorted(simulation.readings, key=lambda item: item is not found.in_force)
    falls = [item for item in in_force.passings if item.passed is not None and not item.is_past]
    return {
        "situation": found,
        "perf_label": f"PERF {words.perf(found.figure.perf)}",
        "budget": pictures.budget(found.figure),
        "readings": [
            pictures.reading(in_force, note="Lecture appliquée"),
            pictures.reading(other, note="Pour comparaison"),
        ],
        "next_fall": falls[0] if falls else None,
        "weeks": weeks.period(simulation) if found.lines else None,
        "lines": found.lines[::-1],
        "base": words.READINGS[simulation.rules.base],
        "parts_shown": max(FEWEST, min(MOST, MAX_PARTS // (len(found.lines) + 1))),
    }


def _chosen(data: QueryDict, official: Period, *, now: dt.datetime) -> periods.ObservationPeriod:
    """What the address asks for; where that cannot be, the present one of the official length."""
    asked = data.get("duree", "")
    kind = Period(asked) if asked in Period.values else official
    try:
        day = dt.date.fromisoformat(data.get("jour", ""))
    except ValueError:
        day = paris.day(now)
    instant = paris.at(day, NOON) if FIRST_YEAR <= day.year <= LAST_YEAR else now
    return periods.containing(instant, kind)


def _navigation(
    period: periods.ObservationPeriod, address: str, now: dt.datetime
) -> dict[str, Any]:
    """The other lengths and the neighbours of the period; a year not computed has no link."""

    def link(kind: Period, start: dt.datetime) -> str:
        return f"{address}?{urlencode({'duree': kind, 'jour': paris.day(start).isoformat()})}"

    def neighbour(other: periods.ObservationPeriod) -> dict[str, str] | None:
        if not FIRST_YEAR <= paris.day(other.start).year <= LAST_YEAR:
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
