"""The dossier of a milestone as a check-list of pieces, each with its state and its files."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from calendar_app.enums import PieceState
from calendar_app.models.calendars import Milestone
from calendar_app.models.deadlines import Deadline
from calendar_app.models.lists import ListLine
from calendar_app.querysets import PieceFileQuerySet, PieceQuerySet
from documents.models import StoredFile
from segur.fields import CodeField, person


class ExpectedPiece(ListLine):
    """What a dossier of this milestone holds."""

    milestone = models.ForeignKey(
        Milestone, models.PROTECT, related_name="expected_pieces", verbose_name="jalon"
    )
    label = models.CharField("intitulé", max_length=200)

    class Meta:
        verbose_name = "pièce attendue"
        verbose_name_plural = "pièces attendues"
        ordering = ("milestone", "position", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=["milestone", "code"],
                name="expected_piece_unique",
                violation_error_message="Ce jalon a déjà une pièce de ce code.",
            ),
        )


class Piece(models.Model):
    """Where one piece of one dossier stands; none as long as nobody has touched it. `is_own`: a
    line that the organisation added, which counts as missing until it is ready.
    """

    deadline = models.ForeignKey(Deadline, models.CASCADE, related_name="pieces")
    code = CodeField(max_length=40)
    label = models.CharField("intitulé", max_length=200)
    is_own = models.BooleanField(default=False)
    state = models.CharField(
        "état", max_length=12, choices=PieceState, default=PieceState.TO_PROVIDE
    )
    person = person("personne chargée", blank=True)
    due_on = models.DateField("à fournir pour le", null=True, blank=True)
    note = models.CharField("précision", max_length=500, blank=True)
    changed_at = models.DateTimeField(null=True)
    changed_by_name = models.CharField(max_length=150, blank=True)

    objects = PieceQuerySet.as_manager()

    class Meta:
        verbose_name = "pièce du dossier"
        verbose_name_plural = "pièces des dossiers"
        ordering = ("deadline", "pk")
        constraints = (
            models.UniqueConstraint(fields=["deadline", "code"], name="piece_unique"),
            models.CheckConstraint(
                condition=~Q(state=PieceState.NOT_APPLICABLE) | ~Q(note=""),
                name="piece_without_object_has_a_reason",
            ),
        )

    def __str__(self) -> str:
        return self.label


class PieceFile(StoredFile):
    """A file of a piece; the last one is the one to read, all are kept."""

    piece = models.ForeignKey(Piece, models.CASCADE, related_name="files")

    objects = PieceFileQuerySet.as_manager()

    class Meta:
        verbose_name = "fichier d'une pièce"
        verbose_name_plural = "fichiers des pièces"
        ordering = ("-uploaded_at", "-pk")
