"""What the retention task did."""

from __future__ import annotations

from django.db import models


class RetentionRun(models.Model):
    """A run that forgot something, or the first of its day. `counts`: key of a line → how many."""

    at = models.DateTimeField("le", db_index=True)
    counts = models.JSONField(default=dict)

    class Meta:
        verbose_name = "passage de l'effacement"
        verbose_name_plural = "passages de l'effacement"
        ordering = ("-at", "-pk")

    def __str__(self) -> str:
        return f"{self.at:%d/%m/%Y}"
