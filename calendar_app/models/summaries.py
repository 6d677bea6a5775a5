"""Figures that are long to count, kept for a while with their age."""

from __future__ import annotations

from django.db import models


class KeptFigures(models.Model):
    """The last time that these figures were counted: at `made_at`, in so many seconds. `last_entry`
    is the newest entry of the journal then: what came after it is not counted.
    """

    name = models.CharField(max_length=60, unique=True)
    made_at = models.DateTimeField()
    seconds = models.FloatField()
    last_entry = models.BigIntegerField()
    data = models.JSONField()

    class Meta:
        verbose_name = "chiffres comptés"
        verbose_name_plural = "chiffres comptés"

    def __str__(self) -> str:
        return self.name
