"""Mails that the clock will send besides reminders: the app that writes them forecasts them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from django.urls import reverse

from accounts.models import User
from calendar_app.enums import WEEKLY_MAIL
from calendar_app.rules.steps import SEND_AT, first_working_day, is_open, next_opening
from calendar_app.rules.wishes import Answer, Wishes
from calendar_app.selectors.reminders import wishes_of
from mailing.rules import MailKind
from segur.lib import paris
from segur.lib.registry import Registry

WEEKLY = "Récapitulatif de la semaine"
EVERY_WEEK = "puis chaque semaine ; aucun quand il n'y a rien à dire"


@dataclass(frozen=True)
class Forecast:
    """A mail that leaves at `at` as things stand; `note` says what it depends on."""

    at: dt.datetime
    kind: MailKind
    about: str
    url: str
    note: str = ""


Forecaster = Callable[[User, Wishes, dt.datetime, dt.datetime], Iterable[Forecast]]
"""Person, what this person wants, now, horizon → the mails that are not refused; a fixed number of
queries."""

_sources: Registry[Forecaster] = Registry()
add_forecast = _sources.add
"""From `registrations.py` of an app that stands on this one."""


def forecasts(user: User, *, now: dt.datetime, until: dt.datetime) -> list[Forecast]:
    """The soonest first. One whose instant has come waits for the next run of its task."""
    wishes = wishes_of([user.pk])[user.pk]
    found = [one for source in _sources for one in source(user, wishes, now, until)]
    if wishes.general.quiet:
        found = [_in_hours(one) for one in found]
    return sorted((one for one in found if one.at <= until), key=lambda one: (one.at, one.about))


def _in_hours(one: Forecast) -> Forecast:
    return one if is_open(one.at) else replace(one, at=next_opening(one.at))


def forecast_weekly(
    _user: User, wishes: Wishes, now: dt.datetime, _until: dt.datetime
) -> Iterator[Forecast]:
    """The next summary, for who asked for it."""
    day = paris.day(now)
    if wishes.answer(WEEKLY_MAIL, day=day) is Answer.YES:
        at = paris.at(first_working_day(day), SEND_AT)
        if at <= now:
            at = paris.at(first_working_day(day + dt.timedelta(days=7)), SEND_AT)
        yield Forecast(at, WEEKLY_MAIL, WEEKLY, reverse("notifications:index"), EVERY_WEEK)
