"""Vocabulary of the files."""

from django.db import models


class Scan(models.TextChoices):
    """The result of the antivirus for a file, where the site has one."""

    NONE = "", "Sans antivirus"
    WAITING = "EN_ATTENTE", "En attente d'analyse antivirus"
    CLEAN = "SAIN", "Analysé par l'antivirus"
    INFECTED = "INFECTE", "Refusé par l'antivirus"


WITHHELD = (Scan.WAITING, Scan.INFECTED)
"""Given to nobody."""
