"""What stands around the list of the first screen, whatever narrows it."""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple

from accounts.enums import Kind
from accounts.models import Organisation, User
from calendar_app.rules.urgency import Urgent
from calendar_app.selectors.deadlines import organisations_seen
from calendar_app.selectors.first_steps import FirstSteps, StepFacts, first_steps, step_facts
from calendar_app.selectors.urgency import UrgentLine, steady_urgency, urgent_lines


class Steady(NamedTuple):
    """What no act on a deadline changes: it gives no organisation its first deadline."""

    organisations: list[tuple[int, str]]
    urgent: list[Urgent]
    steps: StepFacts | None


class Around(NamedTuple):
    organisations: list[tuple[int, str]]
    urgent: list[UrgentLine]
    first_steps: FirstSteps | None


def steady(user: User, organisation: Organisation, now: dt.datetime) -> Steady:
    facts = None if organisation.kind == Kind.ANS else step_facts(user, organisation)
    return Steady(organisations_seen(user), steady_urgency(user, now=now), facts)


def around(user: User, organisation: Organisation, now: dt.datetime, known: Steady) -> Around:
    steps = known.steps and first_steps(user, organisation, now=now, facts=known.steps)
    urgent = urgent_lines(user, now=now, steady=known.urgent)
    return Around(known.organisations, urgent, steps)
