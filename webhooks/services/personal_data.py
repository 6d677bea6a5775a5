"""The line of the register of personal data about webhooks; what an organisation exports."""

from __future__ import annotations

import datetime as dt

from privacy.rules.register import Kept
from privacy.selectors.tables import Table
from webhooks.enums import DeliveryState
from webhooks.models import Delivery, Endpoint

KEPT_FOR = dt.timedelta(days=90)


def forget_deliveries(now: dt.datetime, _before: dt.datetime) -> int:
    ended = Delivery.objects.exclude(state=DeliveryState.WAITING)
    count, _ = ended.filter(created_at__lt=now - KEPT_FOR).delete()
    return count


LINES = (
    Kept(
        "webhooks",
        "Webhooks",
        "Adresse du service et qui l'a créée ; contenu et état des envois, sans nom de personne.",
        "Transmettre au service choisi ce qui se passe dans l'organisation.",
        "L'adresse, jusqu'à sa suppression ; un envoi, 90 jours.",
        forget=forget_deliveries,
    ),
)
TABLES = (
    Table(
        "webhooks",
        Endpoint,
        "organisation",
        ("name", "url", "format", "kinds", "created_at", "disabled_at"),
    ),
)
