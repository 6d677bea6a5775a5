"""Vocabulary of the files."""

from django.db import models


class Scan(models.TextChoices):
    """The result of the checks of a file: the site's own, then the antivirus where there is one."""

    NONE = "", "Sans antivirus"
    UNREAD = "A_LIRE", "En attente de contrôle"
    REFUSED = "REFUSE", "Refusé au contrôle"
    WAITING = "EN_ATTENTE", "En attente d'analyse antivirus"
    CLEAN = "SAIN", "Analysé par l'antivirus"
    INFECTED = "INFECTE", "Refusé par l'antivirus"


WITHHELD = (Scan.UNREAD, Scan.REFUSED, Scan.WAITING, Scan.INFECTED)
"""Given to nobody."""

TURNED_DOWN = (Scan.REFUSED, Scan.INFECTED)
"""After it was stored: another one is to be joined."""
