"""The simulator: public, nothing stored, its address can be shared."""

import datetime as dt
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from parameters.selectors import ParameterRow, rows
from perf.display import pictures, weeks, words
from perf.engine.errors import OutOfRange
from perf.engine.finder import Slot, cost
from perf.engine.guarantees import guarantee
from perf.engine.hours import Clock
from perf.engine.instants import from_us
from perf.engine.rules import BASES, Rules
from perf.enums import Period
from perf.forms.simulator import SimulatorForm
from perf.reading.typed import Typed
from perf.rules import parameters as keys
from perf.rules import periods
from perf.rules.figures import EngineOutage, Figure, Simulation
from perf.rules.simulation import simulate, slots
from perf.selectors.rules import LOCAL_DAYS, ParkRules, park_rules
from segur.lib import paris
from segur.rates import address_of, is_within

MAX_ADDRESS = 3_500
"""Longer addresses are refused by servers on the way; then the page is the answer to the form."""

MAX_SLOTS = 10
PER_MINUTE = 60
"""Computations for one address in one minute: they cost time, and nobody logs in."""

STATED = {
    "scale": (keys.LIMIT_ONE, keys.LIMIT_HALF),
    "hours": keys.HOURS,
    "local_days": LOCAL_DAYS,
    "base": (keys.BASE,),
    "period": (keys.PERIOD,),
    "maintenance": (keys.MAINTENANCE,),
    "guarantees": (keys.GTI, keys.GTR),
    "guarantee_base": (keys.GUARANTEE_BASE,),
}
"""What the page says of the rules, and the parameters that it says it from."""


@dataclass(frozen=True)
class ShownSlot:
    slot: Slot
    added: list[int]  # in each reading: période ouvrable, 24/7
    after: Figure
    address: str


@dataclass(frozen=True)
class ShownTicket:
    opened_at: dt.datetime
    gti_due: dt.datetime | None
    gtr_due: dt.datetime | None


@csrf_exempt  # it changes nothing, so a visitor gets no cookie either
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def simulator(request: HttpRequest) -> HttpResponse:
    """A form sent is answered at its own address, unless that address would be too long."""
    now = timezone.now().replace(microsecond=0)
    typed = _typed(request.POST if request.method == "POST" else request.GET)
    address = _address(typed) if typed else ""
    if request.method == "POST" and address:
        response = redirect(address)
        response.status_code = HTTPStatus.SEE_OTHER
        return response
    parameters = {row.parameter.key: row for row in rows(at=now)}
    kind = Period(str(parameters[keys.PERIOD].value))
    park = park_rules(now)
    form = SimulatorForm(typed or None, now=now, kind=kind)
    is_wrong = bool(typed) and not form.is_valid()
    wants = bool(typed) and not is_wrong
    is_too_much = wants and not _may_compute(request, now)
    context: dict[str, Any] = {
        "form": form,
        "result": _result(form, typed, park) if wants and not is_too_much else None,
        "is_too_much": is_too_much,
        "address": request.build_absolute_uri(address) if address else "",
        "rules": _stated(park.of(), parameters),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if is_wrong else HTTPStatus.OK
    if is_too_much:
        status = HTTPStatus.TOO_MANY_REQUESTS
    return render(request, "perf/simulator.html", context, status=status)


def _may_compute(request: HttpRequest, now: dt.datetime) -> bool:
    return is_within(f"simulator:{address_of(request)}", per_minute=PER_MINUTE, now=now)


def _typed(data: QueryDict) -> dict[str, str]:
    return {name: str(data[name]) for name in SimulatorForm.base_fields if name in data}


def _address(typed: dict[str, str]) -> str:
    """The address that shows the same, or "" when it would be too long."""
    found = f"{reverse('perf:simulator')}?{urlencode(typed)}"
    return found if len(found) <= MAX_ADDRESS else ""


def _stated(rules: Rules, parameters: dict[str, ParameterRow]) -> dict[str, Any]:
    """The rules in words, and which of them no text has confirmed yet."""
    return {
        "scale": words.scale(rules.scale),
        "gti": words.limit(rules.gti),
        "gtr": words.limit(rules.gtr),
        "guarantee_reading": words.READINGS[rules.guarantee_base],
        "weeks": [(span.start, words.week(span.week)) for span in rules.spans],
        "reading": words.READINGS[rules.base],
        "period": parameters[keys.PERIOD].shown.lower(),
        "maintenance_counts": rules.maintenance_counts,
        "local_days": any(parameters[key].value for key in LOCAL_DAYS),
        "sure": {
            name: all(parameters[key].is_confirmed for key in watched)
            for name, watched in STATED.items()
        },
    }


def _result(form: SimulatorForm, typed: dict[str, str], park: ParkRules) -> dict[str, Any]:
    rules = park.of()
    outages = [_to_engine(item) for item in form.outages]
    simulation = simulate(
        outages, planned=form.planned, period=form.period, now=form.now, rules=rules
    )
    found = _found(form, simulation)
    return {
        "simulation": simulation,
        "reading": words.READINGS[simulation.rules.base],
        "first_day": paris.day(from_us(form.period.start)),
        "last_day": paris.day(from_us(form.period.end - 1)),
        "readings": [
            pictures.reading(item, forecast=words.forecast(simulation))
            for item in simulation.readings
        ],
        "weeks": weeks.days(
            simulation.taken, planned=form.planned, period=form.period, rules=simulation.rules
        ),
        "other": _other_period(simulation, typed, form.kind),
        "parts_shown": pictures.parts_shown(len(form.outages)),
        "slots": [_shown(slot, simulation, typed) for slot in found[:MAX_SLOTS]],
        "only_tickets": form.asks_only_of_tickets,
        "tickets": [_ticket(opened_at, park) for opened_at in form.declared],
        "more_slots": max(0, len(found) - MAX_SLOTS),
        "search": form.window,
        "length": form.length,
    }


def _ticket(opened_at: dt.datetime, park: ParkRules) -> ShownTicket:
    """Both due instants, by the rules of the declaration."""
    rules = ParkRules(opened_at, park.found).of()
    due = partial(_due, opened_at, clock=rules.guarantee_clock)
    return ShownTicket(opened_at, due(rules.gti), due(rules.gtr))


def _due(opened_at: dt.datetime, budget: int, *, clock: Clock) -> dt.datetime | None:
    """None beyond the computed years."""
    try:
        return guarantee(opened_at, None, budget=budget, clock=clock).due
    except OutOfRange:
        return None


def _to_engine(item: Typed) -> EngineOutage:
    name = f"ligne {item.number}"
    return EngineOutage(title=name.capitalize(), name=f"la {name}", start=item.start, end=item.end)


def _other_period(
    simulation: Simulation, typed: dict[str, str], kind: Period
) -> dict[str, str] | None:
    """Where something typed lies wholly outside the period: the one that would show it."""
    if not simulation.outside:
        return None
    found = periods.containing(from_us(simulation.outside[0].interval.start), kind)
    first, last = found.days
    days = {"du": first.isoformat(), "au": last.isoformat()}
    return {"label": found.label, "address": _address({**typed, **days})}


def _found(form: SimulatorForm, simulation: Simulation) -> list[Slot]:
    if form.length is None or form.window is None:
        return []
    return slots(simulation, length=form.length, window=form.window)


def _shown(slot: Slot, simulation: Simulation, typed: dict[str, str]) -> ShownSlot:
    rules = simulation.rules
    return ShownSlot(
        slot=slot,
        added=[cost(slot.best, simulation.taken, rules.clock(base)) for base in BASES],
        after=Figure(simulation.in_force.before.counted + slot.cost, rules.scale),
        address=_address({**typed, "arret": _line(slot)}),
    )


def _line(slot: Slot) -> str:
    """As one would type it, with offsets: in October an hour comes twice."""
    ends = (paris.local(from_us(instant)).isoformat(timespec="minutes") for instant in slot.best)
    return " → ".join(ends)
