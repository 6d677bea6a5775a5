"""When the nudges of awaited VA leave next."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from django.urls import reverse

from accounts.models import User
from calendar_app.rules.steps import SEND_AT, is_open, next_opening
from calendar_app.rules.wishes import Answer, Wishes
from calendar_app.selectors.forecasts import Forecast
from parameters.selectors import value
from pilots.enums import VA_MAIL
from pilots.va.rules.parameters import VA_NUDGE_DAYS
from pilots.va.selectors.va import unanswered
from segur.lib import paris

UNLESS_NOTIFIED = "sauf si la notification du RIS est enregistrée d'ici là"


def forecast_nudges(
    user: User, wishes: Wishes, now: dt.datetime, until: dt.datetime
) -> Iterator[Forecast]:
    """The VA whose RIS is awaited and whose Fournisseur was not asked for news yet."""
    days = dt.timedelta(days=int(value(VA_NUDGE_DAYS, at=now)))
    waiting = (
        unanswered()
        .filter(
            signed_on__lte=paris.day(until) - days,
            prestation__organisation__is_active=True,
            prestation__organisation__memberships__user=user,
        )
        .select_related("prestation__client", "prestation__supplier__solution")
    )
    for va in waiting:
        at = _opening(paris.at(va.signed_on + days, SEND_AT), now)
        answer = wishes.answer(
            VA_MAIL, dispositif_id=va.prestation.dispositif_id, day=paris.day(at)
        )
        if answer is Answer.YES:
            about = f"En attente du RIS : VA (Client : {va.prestation.client})"
            url = reverse("va:detail", args=[va.prestation_id])
            yield Forecast(at, VA_MAIL, about, url, UNLESS_NOTIFIED)


def _opening(at: dt.datetime, now: dt.datetime) -> dt.datetime:
    """The first instant of working hours from `at` on, and not before `now`."""
    earliest = max(at, now)
    return earliest if is_open(earliest) else next_opening(earliest)
