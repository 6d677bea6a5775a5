"""A file that a person has had checked, then recorded: at once, or by the worker."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from imports.enums import ACTIVE, ImportState
from imports.querysets import ImportQuerySet


class Import(models.Model):
    """One file. It waits for its person's word an hour at most, in the database, which every web
    process shares; its content goes once it is recorded or refused.

    `lines` are those of the file, `done` those that the worker has looked at; `lease_until` is when
    an unfinished run may be taken over, `attempts` how many have begun. `result`: the sentence and
    the address of what was recorded; `errors`: why it was refused.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="imports")
    organisation = models.ForeignKey(
        "accounts.Organisation", models.SET_NULL, null=True, related_name="+"
    )
    kind = models.CharField(max_length=20)
    name = models.CharField("nom du fichier", max_length=255)
    content = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    options = models.JSONField(default=dict)
    state = models.CharField("état", max_length=12, choices=ImportState)
    lines = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    attempts = models.PositiveSmallIntegerField(default=0)
    lease_until = models.DateTimeField(null=True)
    result = models.JSONField(default=dict)
    errors = models.JSONField(default=list)
    checked_at = models.DateTimeField(default=timezone.now)
    confirmed_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    objects = ImportQuerySet.as_manager()

    class Meta:
        verbose_name = "import de fichier"
        verbose_name_plural = "imports de fichiers"
        ordering = ("-checked_at", "-pk")
        constraints = (
            models.UniqueConstraint(
                fields=["user", "kind"],
                condition=Q(state=ImportState.CHECKED),
                name="import_one_waiting",
                violation_error_message="Un fichier attend déjà votre accord.",
            ),
        )
        indexes = (
            models.Index(fields=["state"], condition=Q(state__in=ACTIVE), name="import_to_run"),
        )

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("imports:detail", args=[self.pk])

    @property
    def sentence(self) -> str:
        """What was recorded; empty as long as nothing is."""
        return str(self.result.get("sentence", ""))

    @property
    def place(self) -> str:
        """Where what was recorded is seen; else where the file is."""
        return str(self.result.get("url") or self.get_absolute_url())

    @property
    def is_active(self) -> bool:
        return self.state in ACTIVE
