"""How a deadline stands for the programme: each deadline has one outlook, so that they add up."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum

SOON = dt.timedelta(days=30)
"""Open and due within it, a deadline is near."""


class Outlook(StrEnum):
    KEPT = "tenues"
    KEPT_LATE = "tenues-en-retard"
    LATE = "en-retard"
    NEAR = "sous-30-jours"
    TO_COME = "a-venir"
    REFUSED = "refusees"
    SET_ASIDE = "sans-objet"

    @property
    def label(self) -> str:
        return _WORDS[self][0]

    @property
    def help(self) -> str:
        return _WORDS[self][1]

    @property
    def is_alarming(self) -> bool:
        return self is Outlook.LATE


_WORDS = {
    Outlook.KEPT: ("Tenues", "déposées dans les délais, confirmées ou non"),
    Outlook.KEPT_LATE: ("Tenues en retard", "déposées après la date limite"),
    Outlook.LATE: ("En retard", "rien n'est déposé et la date est passée"),
    Outlook.NEAR: ("Sous 30 jours", "rien n'est déposé et il reste 30 jours au plus"),
    Outlook.TO_COME: ("À venir", "il reste plus de 30 jours, ou la date n'est pas fixée"),
    Outlook.REFUSED: ("Refusées", "par l'ANS"),
    Outlook.SET_ASIDE: ("Sans objet", "écartées avec un motif"),
}
PROGRESS = (Outlook.KEPT, Outlook.KEPT_LATE, Outlook.LATE, Outlook.NEAR, Outlook.TO_COME)
"""Those that say whether the calendar is kept."""
