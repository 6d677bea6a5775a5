"""The VA that wait for their RIS: no delay runs, and nothing moves without a call."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from django.urls import reverse

from accounts.models import User
from accounts.permissions import preparable
from calendar_app.rules.urgency import Urgent
from pilots.va.selectors.va import without_notification
from segur.lib import paris

MIDNIGHT = dt.time(0)


def urgent_vas(user: User, _now: dt.datetime) -> Iterator[Urgent]:
    """Folded, and open at the oldest; a running clock is a deadline, and stands with them."""
    if not (mine := preparable(user)):
        return
    waiting = without_notification().filter(prestation__organisation__in=mine)
    rows = waiting.order_by("signed_on", "pk").values_list("prestation", "signed_on")
    count = len(rows)
    if count:
        prestation, signed_on = rows[0]
        yield Urgent(
            what=f"{count} VA en attente du RIS du Client",
            url=reverse("va:detail", args=[prestation]),
            act="Ouvrir la VA" if count == 1 else "Ouvrir la plus ancienne",
            why="Le délai de deux mois ne court pas encore",
            since=paris.at(signed_on, MIDNIGHT),
        )
