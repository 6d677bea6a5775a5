from __future__ import annotations

from django.db import models
from django.utils import timezone

from accounts.models import Organisation
from calendar_app.enums import FirstStep


class PutOffStep(models.Model):
    """«Pas maintenant»: all that is kept of the first steps, which are derived from what exists."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="put_off_steps")
    step = models.CharField(max_length=12, choices=FirstStep)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = "étape remise à plus tard"
        constraints = (
            models.UniqueConstraint(fields=["organisation", "step"], name="put_off_step_unique"),
        )

    def __str__(self) -> str:
        return f"{self.organisation} · {self.get_step_display()}"
