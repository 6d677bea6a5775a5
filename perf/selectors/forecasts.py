"""When the warnings of the guarantees that run leave."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from django.urls import reverse

from accounts.models import User
from calendar_app.rules.wishes import Answer, Wishes
from calendar_app.selectors.forecasts import Forecast
from perf.enums import TICKET_MAIL
from perf.models import Ticket
from perf.rules.guarantees import GUARANTEES
from segur.lib import paris

UNLESS_DONE = "sauf si {act} d'ici là"
ACTS = {"gti": "la prise en charge est enregistrée", "gtr": "le rétablissement est enregistré"}


def forecast_warnings(
    user: User, wishes: Wishes, _now: dt.datetime, until: dt.datetime
) -> Iterator[Forecast]:
    """One for each guarantee of a ticket of the person's Fournisseurs."""
    mine = Ticket.objects.filter(
        service__prestation__organisation__is_active=True,
        service__prestation__organisation__memberships__user=user,
    ).select_related("service__prestation__client", "service__prestation__supplier__solution")
    for guarantee in GUARANTEES:
        code = guarantee.code
        running = {f"{code}_warned_at": None, guarantee.done: None, f"{code}_warn_at__lte": until}
        for ticket in mine.filter(**running):
            at: dt.datetime = getattr(ticket, f"{code}_warn_at")
            prestation = ticket.service.prestation
            answer = wishes.answer(
                TICKET_MAIL, dispositif_id=prestation.dispositif_id, day=paris.day(at)
            )
            if answer is Answer.YES:
                about = f"{code.upper()} à risque : ticket {ticket.reference}, {prestation.client}"
                note = UNLESS_DONE.format(act=ACTS[code])
                url = reverse("perf:ticket", args=[ticket.pk])
                yield Forecast(at, TICKET_MAIL, about, url, note)
