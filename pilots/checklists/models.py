"""The editable check-lists of the PV and of the VA, each line with its source (DOMAIN §9)."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from pilots.enums import Checklist
from segur.fields import CodeField


class ChecklistItem(models.Model):
    """A mention of the PV or a condition of the VA. What is prepared copies the lines of its day:
    changing one later changes nothing that exists. `retired_at`: no longer asked.
    """

    checklist = models.CharField("liste", max_length=4, choices=Checklist)
    code = CodeField(max_length=40)
    label = models.CharField("intitulé", max_length=300)
    help = models.CharField("explication", max_length=500, blank=True)
    source = models.CharField("source", max_length=300)
    position = models.PositiveSmallIntegerField("rang", default=0)
    is_required = models.BooleanField("obligatoire", default=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    retired_at = models.DateTimeField("retirée le", null=True, blank=True)

    class Meta:
        verbose_name = "ligne de liste de contrôle"
        verbose_name_plural = "lignes des listes de contrôle"
        ordering = ("checklist", "position", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=["checklist", "code"],
                name="checklist_code_unique",
                violation_error_message="Cette liste a déjà une ligne de ce code.",
            ),
        )

    def __str__(self) -> str:
        return self.label
