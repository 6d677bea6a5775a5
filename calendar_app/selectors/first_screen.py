"""What stands around the list of the first screen, whatever narrows it."""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple

from accounts.enums import Kind
from accounts.models import Organisation, User
from calendar_app.selectors.deadlines import organisations_seen
from calendar_app.selectors.first_steps import FirstSteps, first_steps
from calendar_app.selectors.urgency import UrgentLine, urgent_lines


class Around(NamedTuple):
    organisations: list[tuple[int, str]]
    urgent: list[UrgentLine]
    first_steps: FirstSteps | None


def around(user: User, organisation: Organisation, now: dt.datetime) -> Around:
    steps = None if organisation.kind == Kind.ANS else first_steps(user, organisation, now=now)
    return Around(organisations_seen(user), urgent_lines(user, now=now), steps)
