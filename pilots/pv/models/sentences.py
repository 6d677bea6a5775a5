"""Sentences that an agent uses again to say why a PV is not conforme."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone

from pilots.querysets import SentenceQuerySet


class ReasonSentence(models.Model):
    """Offered while a reason is typed. `owner` is None for those that the ANS shares."""

    text = models.CharField("phrase", max_length=500)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="agent",
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = SentenceQuerySet.as_manager()

    class Meta:
        verbose_name = "phrase de motif"
        verbose_name_plural = "phrases de motif"
        ordering = ("text", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=["owner", "text"],
                name="sentence_unique",
                nulls_distinct=False,
                violation_error_message="Cette phrase est déjà dans la liste.",
            ),
        )

    def __str__(self) -> str:
        return self.text
