"""The editable check-lists of the PV and of the VA, each line with its source (DOMAIN §9)."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from calendar_app.models.lists import ListLine
from pilots.enums import Checklist

__all__ = ["ChecklistItem"]


class ChecklistItem(ListLine):
    """A mention of the PV or a condition of the VA. What is prepared copies the lines of its day:
    changing one later changes nothing that exists.
    """

    checklist = models.CharField("liste", max_length=4, choices=Checklist)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

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
