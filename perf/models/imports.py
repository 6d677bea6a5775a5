"""A file of outages between its check and its confirmation."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone


class WaitingFile(models.Model):
    """The one file that a person has had checked and not yet confirmed. It waits in the database,
    which every web process shares, and an hour at most: see perf.services.imports.
    """

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    name = models.CharField("nom du fichier", max_length=255)
    content = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    checked_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = "fichier de pannes à confirmer"
        verbose_name_plural = "fichiers de pannes à confirmer"

    def __str__(self) -> str:
        return self.name
