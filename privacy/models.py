"""What the retention task did; who asks to be erased."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from privacy.querysets import ErasureRequestQuerySet


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


class ErasureRequest(models.Model):
    """A person asks to be erased. Done by a responsable of the ANS, or by the clock from `due_at`;
    withdrawn by the person until then.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="erasure_requests"
    )
    asked_at = models.DateTimeField("demandé le")
    due_at = models.DateTimeField("effacement automatique à partir du")
    withdrawn_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)

    objects = ErasureRequestQuerySet.as_manager()

    class Meta:
        verbose_name = "demande d'effacement"
        verbose_name_plural = "demandes d'effacement"
        ordering = ("due_at", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=["user"],
                condition=models.Q(withdrawn_at=None, done_at=None),
                name="erasure_request_open_unique",
                violation_error_message="L'effacement de ce compte est déjà demandé.",
            ),
        )

    def __str__(self) -> str:
        return f"Demande d'effacement n° {self.pk}"
