"""When the digest of the reviewers and the nudges of awaited VA leave next."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from django.urls import reverse

from accounts.models import User
from calendar_app.enums import MailKind
from calendar_app.rules.parameters import VA_NUDGE_DAYS
from calendar_app.rules.steps import SEND_AT, is_open, next_opening
from calendar_app.rules.wishes import Answer, Wishes
from calendar_app.selectors.forecasts import Forecast
from calendar_app.selectors.parameters import value
from pilots.enums import VACase
from pilots.models import VA, ReviewDigest
from pilots.selectors.review import agents
from segur.lib import paris
from segur.lib.workdays import is_working_day

DIGEST = "Point du jour des PV à instruire"
EVERY_DAY = "puis chaque jour ouvré à 9h ; aucun les jours où aucun PV ne vous attend"
UNLESS_NOTIFIED = "sauf si la notification du RIS est enregistrée d'ici là"


def foretell_digest(
    user: User, wishes: Wishes, now: dt.datetime, _until: dt.datetime
) -> Iterator[Forecast]:
    """The next digest of an agent: the others follow on every working day."""
    at = _next_digest(now)
    if wishes.answer(MailKind.DIGEST, day=paris.day(at)) is not Answer.YES:
        return
    if agents().filter(pk=user.pk).exists():
        yield Forecast(at, MailKind.DIGEST, DIGEST, reverse("review:index"), EVERY_DAY)


def _next_digest(now: dt.datetime) -> dt.datetime:
    """Today's while it is not written, and the day not gone; else that of the next opening."""
    day = paris.day(now)
    if is_working_day(day) and not ReviewDigest.objects.filter(day=day).exists():
        return paris.at(day, SEND_AT)
    return next_opening(paris.at(day, SEND_AT))


def foretell_nudges(
    user: User, wishes: Wishes, now: dt.datetime, until: dt.datetime
) -> Iterator[Forecast]:
    """The VA whose RIS is awaited and whose Fournisseur was not asked for news yet."""
    days = dt.timedelta(days=int(value(VA_NUDGE_DAYS, at=now)))
    waiting = VA.objects.filter(
        case=VACase.SOME_REPORTED,
        notification=None,
        nudged_at=None,
        signed_on__lte=paris.day(until) - days,
        prestation__organisation__is_active=True,
        prestation__organisation__memberships__user=user,
    ).select_related("prestation__client", "prestation__supplier__solution")
    for va in waiting:
        at = _opening(paris.at(va.signed_on + days, SEND_AT), now)
        answer = wishes.answer(
            MailKind.VA, dispositif_id=va.prestation.dispositif_id, day=paris.day(at)
        )
        if answer is Answer.YES:
            about = f"En attente du RIS : VA de {va.prestation.client}"
            url = reverse("va:detail", args=[va.prestation_id])
            yield Forecast(at, MailKind.VA, about, url, UNLESS_NOTIFIED)


def _opening(at: dt.datetime, now: dt.datetime) -> dt.datetime:
    """The first instant of working hours from `at` on, and not before `now`."""
    earliest = max(at, now)
    return earliest if is_open(earliest) else next_opening(earliest)
