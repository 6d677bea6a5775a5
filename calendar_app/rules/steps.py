"""When a reminder leaves, and whom it reminds (DESIGN «Reminders»).

A step is a number of days before the deadline: 7 is J-7, 0 the morning of the day, -1 is J+1.
"""

import datetime as dt
from collections.abc import Collection

from accounts.enums import Role
from segur.lib import paris
from segur.lib.workdays import (
    is_working_day,
    this_or_next_working_day,
    this_or_previous_working_day,
)

DEFAULT_STEPS = (90, 60, 30, 15, 7, 3, 1, 0, -1, -7)
SEND_AT = dt.time(9)
CLOSED_FROM = dt.time(19)
LAST_DAY_FROM = dt.time(7)

REPRESENTANTS_FROM = 7
MANDATAIRES_FROM = 3

_FIRST_TO_LAST = (Role.SALARIE, Role.REPRESENTANT, Role.MANDATAIRE)


def days_left(due_at: dt.datetime, now: dt.datetime) -> int:
    """Paris days from today to the last day; negative once it is behind."""
    return (paris.last_day(due_at) - paris.day(now)).days


def send_instant(due_at: dt.datetime, step: int) -> dt.datetime:
    """9:00 Paris on the day of the step, in UTC.

    On a Saturday, a Sunday or a holiday: the working day before; for an overdue step the working
    day after (ADR 0003). A step before the deadline never leaves after it: where 9:00 is too late,
    the working day before.
    """
    day = paris.last_day(due_at) - dt.timedelta(days=step)
    if step < 0:
        return paris.at(this_or_next_working_day(day), SEND_AT)
    instant = paris.at(this_or_previous_working_day(day), SEND_AT)
    if instant < due_at:
        return instant
    return paris.at(this_or_previous_working_day(day - dt.timedelta(days=1)), SEND_AT)


def step_label(step: int) -> str:
    """«J-7», «Jour J», «J+1»."""
    return f"J{-step:+d}" if step else "Jour J"


def is_open(now: dt.datetime) -> bool:
    """Working days from 9:00 to 19:00 Paris: when what is not urgent may leave."""
    return is_working_day(paris.day(now)) and SEND_AT <= paris.local(now).time() < CLOSED_FROM


def may_send(now: dt.datetime, due_at: dt.datetime) -> bool:
    """Working days from 9:00 to 19:00 Paris.

    On the last day itself, when it is a working day, from 7:00 and until the deadline: after an
    outage, a mail at 7:30 is better than one an hour and a half later.
    """
    if is_open(now):
        return True
    today, clock = paris.day(now), paris.local(now).time()
    is_last = today == paris.last_day(due_at) and now < due_at
    return is_last and is_working_day(today) and clock >= LAST_DAY_FROM


def next_opening(now: dt.datetime) -> dt.datetime:
    """The next 9:00 Paris of a working day, strictly after `now`."""
    today = paris.day(now)
    opening = paris.at(this_or_next_working_day(today), SEND_AT)
    if opening > now:
        return opening
    return paris.at(this_or_next_working_day(today + dt.timedelta(days=1)), SEND_AT)


def first_working_day(day: dt.date) -> dt.date:
    """Of the week of this day: its Monday, or the working day after a holiday."""
    return this_or_next_working_day(day - dt.timedelta(days=day.weekday()))


def reminded_roles(step: int, present: Collection[str]) -> set[Role]:
    """The roles reminded at a step, in an organisation that has members of the roles `present`.

    The Salariés first (where there is none the Représentants, else the Mandataires), then also the
    Représentants from J-7 and the Mandataires from J-3, overdue steps included.
    """
    first = next((role for role in _FIRST_TO_LAST if role in present), None)
    roles = {first} if first else set()
    if step <= REPRESENTANTS_FROM:
        roles.add(Role.REPRESENTANT)
    if step <= MANDATAIRES_FROM:
        roles.add(Role.MANDATAIRE)
    return roles
