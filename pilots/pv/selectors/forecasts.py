"""When the digest of the reviewers leaves next."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from django.urls import reverse

from accounts.models import User
from calendar_app.rules.steps import SEND_AT, next_opening
from calendar_app.rules.wishes import Answer, Wishes
from calendar_app.selectors.forecasts import Forecast
from pilots.enums import DIGEST_MAIL
from pilots.pv.models import ReviewDigest
from pilots.pv.selectors.reviewers import agents
from segur.lib import paris
from segur.lib.workdays import is_working_day

DIGEST = "Point du jour des PV à instruire"
EVERY_DAY = "puis chaque jour ouvré à 9h ; aucun les jours où aucun PV ne vous attend"


def forecast_digest(
    user: User, wishes: Wishes, now: dt.datetime, _until: dt.datetime
) -> Iterator[Forecast]:
    """The next digest of an agent: the others follow on every working day."""
    at = _next_digest(now)
    if wishes.answer(DIGEST_MAIL, day=paris.day(at)) is not Answer.YES:
        return
    if agents().filter(pk=user.pk).exists():
        yield Forecast(at, DIGEST_MAIL, DIGEST, reverse("review:index"), EVERY_DAY)


def _next_digest(now: dt.datetime) -> dt.datetime:
    """Today's while it is not written, and the day not gone; else that of the next opening."""
    day = paris.day(now)
    if is_working_day(day) and not ReviewDigest.objects.filter(day=day).exists():
        return paris.at(day, SEND_AT)
    return next_opening(paris.at(day, SEND_AT))
