"""Ask the Fournisseur, once, for news of a VA whose RIS is still awaited."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db import transaction
from django.urls import reverse

from accounts.models import User
from accounts.selectors.people import people_of
from calendar_app.rules.steps import is_open
from journal.rules.by import By
from mailing.services.links import absolute
from mailing.services.mail import tell
from parameters.selectors import value
from pilots.enums import VA_MAIL, ConditionState
from pilots.va.models import VA
from pilots.va.rules.parameters import VA_NUDGE_DAYS
from pilots.va.selectors.va import unanswered
from pilots.va.services.va import lock
from segur.lib import paris


def nudge(*, now: dt.datetime) -> int:
    """Ask for news of every VA without a notification since so many days. Returns how many.

    Only in working hours, asked of the table: what an outage has missed leaves at the next opening.
    """
    if not is_open(now):
        return 0
    days = int(value(VA_NUDGE_DAYS, at=now))
    waiting = unanswered().filter(signed_on__lte=paris.day(now) - dt.timedelta(days=days))
    return sum(_nudge(pk, now) for pk in list(waiting.values_list("pk", flat=True)))


@transaction.atomic
def _nudge(pk: int, now: dt.datetime) -> bool:
    """Claimed by conditional update, in the transaction that writes the mails: of two runs one
    writes. The VA is locked first, as whoever records a notification does: no news is asked for
    during or after that. While the Fournisseur has nobody, it waits.
    """
    va = lock(pk)
    people = people_of(va.prestation.organisation_id)
    if hasattr(va, "notification") or not people:
        return False
    if not VA.objects.filter(pk=pk, nudged_at=None).update(nudged_at=now):
        return False
    _tell(va, people, By.clock(now))
    return True


def _tell(va: VA, people: Iterable[User], by: By) -> None:
    prestation = va.prestation
    tell(
        people,
        kind=VA_MAIL,
        template="va_nudge",
        context={
            "va": va,
            "prestation": prestation,
            "solution": prestation.supplier.solution,
            "days": (paris.day(by.at) - va.signed_on).days,
            "reported": [
                row.label for row in va.conditions.all() if row.state == ConditionState.REPORTED
            ],
            "button_url": absolute(reverse("va:detail", args=[prestation.pk])),
            "button_label": "Ouvrir la VA",
        },
        key=f"va:{va.pk}:nudge",
        topic=str(prestation.dispositif_id),
        by=by,
    )
