"""Vocabulary of the journal."""

from django.db import models


class Readers(models.TextChoices):
    """Who may read an entry, among those who see its object."""

    ALL = "TOUS", "Tous ceux que l'objet concerne"
    ANS = "ANS", "L'ANS seule"


class Origin(models.TextChoices):
    """By what an act came in."""

    SCREEN = "ECRAN", "Écran"
    API = "API", "Clé d'API"
    FILE = "FICHIER", "Fichier"
    WEBHOOK = "SUPERVISION", "Supervision"
    CLOCK = "HORLOGE", "Application"
