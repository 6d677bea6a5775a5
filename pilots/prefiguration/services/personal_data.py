"""The line of the register of personal data (`privacy.rules.register`) about technical contacts."""

from __future__ import annotations

import datetime as dt

from pilots.prefiguration.rules.parameters import CONTACT_MONTHS
from pilots.prefiguration.services.contacts import erase_due
from privacy.rules.register import Kept


def forget_contacts(now: dt.datetime, _before: dt.datetime) -> int:
    return erase_due(now=now)


LINES = (
    Kept(
        "contacts",
        "Contacts techniques des préfigurateurs",
        "Nom, fonction, adresse et téléphone, donnés par l'éditeur.",
        "Préparer un entretien avec l'ANS.",
        "Jusqu'au jour choisi par l'éditeur, {} mois au plus.",
        months=CONTACT_MONTHS,
        forget=forget_contacts,
    ),
)
