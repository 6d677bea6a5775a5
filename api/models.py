"""What is kept of calls."""

from typing import ClassVar

from django.db import models


class KeptAnswer(models.Model):
    """What a call that bears an `Idempotency-Key` was answered, for a day."""

    caller = models.PositiveBigIntegerField()
    """Primary key of the API key: the app of keys lies above this one."""
    key = models.CharField(max_length=100)
    fingerprint = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(default=0)
    body = models.JSONField(default=dict)
    kept_at = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name = "réponse gardée"
        verbose_name_plural = "réponses gardées"
        constraints: ClassVar = (
            models.UniqueConstraint(fields=["caller", "key"], name="kept_answer_unique"),
        )

    def __str__(self) -> str:
        return self.key
