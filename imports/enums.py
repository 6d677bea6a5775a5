"""Vocabulary of the imports of files."""

from django.db import models


class ImportState(models.TextChoices):
    CHECKED = "VERIFIE", "Vérifié, à confirmer"
    QUEUED = "EN_ATTENTE", "En attente"
    RUNNING = "EN_COURS", "En cours"
    DONE = "TERMINE", "Terminé"
    REFUSED = "REFUSE", "Refusé, rien n'est enregistré"
    FAILED = "ECHEC", "Interrompu, rien n'est enregistré"


ACTIVE = (ImportState.QUEUED, ImportState.RUNNING)
