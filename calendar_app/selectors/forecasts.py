"""Mails that the clock will send besides reminders: the app that writes them foretells them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from accounts.models import User
from calendar_app.rules.wishes import Wishes
from calendar_app.selectors.reminders import wishes_of
from mailing.rules import MailKind


@dataclass(frozen=True)
class Forecast:
    """A mail that leaves at `at` as things stand; `note` says what it depends on."""

    at: dt.datetime
    kind: MailKind
    about: str
    url: str
    note: str = ""


Foretell = Callable[[User, Wishes, dt.datetime, dt.datetime], Iterable[Forecast]]
"""Person, what this person wants, now, horizon → the mails that are not refused; a fixed number of
queries."""

_sources: list[Foretell] = []


def add_forecast(source: Foretell) -> None:
    """From the `ready()` of an app that stands on this one."""
    if source not in _sources:
        _sources.append(source)


def forecasts(user: User, *, now: dt.datetime, until: dt.datetime) -> list[Forecast]:
    """The soonest first. One whose instant has come waits for the next run of its task."""
    wishes = wishes_of([user.pk])[user.pk]
    found = [one for source in _sources for one in source(user, wishes, now, until)]
    return sorted((one for one in found if one.at <= until), key=lambda one: (one.at, one.about))
