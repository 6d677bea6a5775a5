"""PERF of one prestation: where it stands in an observation period, and why."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.middleware import MemberRequest
from calendar_app.selectors.prestations import prestations_seen
from parameters.selectors import rows
from perf.display import pictures, weeks, words
from perf.models import Service
from perf.permissions import can_record, sources_of
from perf.rules import periods
from perf.rules.parameters import BASE, MAINTENANCE, PERIOD
from perf.rules.periods import ObservationPeriod
from perf.selectors.correction_lists import pending_of_service
from perf.selectors.rules import period_kind, rules_at
from perf.selectors.situations import PerfSituation, situation, unmeasured
from perf.selectors.tickets import tickets_seen
from perf.selectors.trend import trend, typed_outages
from perf.views.observed import chosen, navigation

PAGE = 50
UNSURE = (BASE, PERIOD, MAINTENANCE)


@require_safe
def prestation(request: MemberRequest, pk: int) -> HttpResponse:
    prestation = get_object_or_404(prestations_seen(request.user), pk=pk)
    context: dict[str, Any] = {
        "prestation": prestation,
        "solution": prestation.supplier.solution,
        "may_record": can_record(request.user, prestation),
    }
    if not prestation.dispositif.has_perf:
        return render(request, "perf/prestation_ris.html", context)
    service = Service.objects.filter(prestation=prestation).first()
    if service is None:
        return render(request, "perf/prestation_undeclared.html", context)
    now = timezone.now().replace(microsecond=0)
    period = chosen(request.GET, now=now)
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
        "trend": trend(service, since=found.since, now=now, rules=found.simulation.rules),
        "to_simulate": typed_outages(found.lines),
        "corrections": pending_of_service(service, now),
        "sources": sources_of(request.user) if context["may_record"] else (),
        **_shown(found, period, request.GET.get("page")),
        **navigation(period, reverse("perf:prestation", kwargs={"pk": pk}), now),
        "official": period_kind(now),
        "open_tickets": tickets_seen(request.user, now=now, etat="en-cours", prestation=pk).count(),
        "to_confirm": [
            row for row in rows(at=at) if row.parameter.key in UNSURE and not row.is_confirmed
        ],
    }
    return render(request, "perf/prestation.html", context)


def _shown(found: PerfSituation, period: ObservationPeriod, number: str | None) -> dict[str, Any]:
    simulation = found.simulation
    page = Paginator(found.lines[::-1], PAGE).get_page(number)
    in_force, other = sorted(simulation.readings, key=lambda item: item is not found.in_force)
    forecast = words.forecast(simulation)
    falls = [item for item in in_force.passings if item.passed is not None and not item.is_past]
    return {
        "situation": found,
        "perf_label": f"PERF {words.perf(found.figure.perf)}",
        "budget": pictures.budget(found.figure),
        "readings": [
            pictures.reading(in_force, forecast=forecast, note="Lecture appliquée"),
            pictures.reading(other, forecast=forecast, note="Pour comparaison"),
        ],
        "forecast": forecast,
        "next_fall": falls[0] if falls else None,
        "unmeasured": unmeasured(found.since, period, simulation.now),
        "partly": period.start < found.since < period.end,
        "weeks": weeks.period(simulation, since=found.since) if found.lines else None,
        "page_obj": page,
        "lines": page.object_list,
        "base": words.READINGS[simulation.rules.base],
        "parts_shown": pictures.parts_shown(len(page.object_list)),
    }
