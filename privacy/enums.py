"""Vocabulary of the archives of organisations."""

from django.db import models


class ArchiveState(models.TextChoices):
    QUEUED = "EN_ATTENTE", "En attente"
    RUNNING = "EN_COURS", "En préparation"
    READY = "PRETE", "Prête"
    FAILED = "ECHEC", "Interrompue"


ACTIVE = (ArchiveState.QUEUED, ArchiveState.RUNNING)
