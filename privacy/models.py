"""What the retention task did; who asks to be erased; archives of organisations."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models

from accounts.enums import Role
from privacy.enums import ACTIVE, ArchiveState
from privacy.querysets import ErasureRequestQuerySet, OrganisationArchiveQuerySet


def archive_path(_row: OrganisationArchive, _name: str) -> str:
    return f"{ARCHIVES}/{uuid.uuid4().hex}.zip"


ARCHIVES = "archives"
"""Their folder in the storage."""


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


class OrganisationArchive(models.Model):
    """All that an organisation has here as one ZIP, made by the worker for one person.

    `made_as`: the role by which that person reads it. `files` are those to write, `done` those
    written. `lease_until`: when an unfinished run may be
    taken over; `attempts`: how many have begun. The file goes at `expires_at`.
    """

    organisation = models.ForeignKey(
        "accounts.Organisation", models.CASCADE, related_name="archives"
    )
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="archives")
    made_as = models.CharField("en tant que", max_length=20, choices=Role, db_default="")
    asked_at = models.DateTimeField("demandée le")
    state = models.CharField("état", max_length=12, choices=ArchiveState)
    files = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    attempts = models.PositiveSmallIntegerField(default=0)
    lease_until = models.DateTimeField(null=True)
    file = models.FileField(upload_to=archive_path, blank=True)
    size = models.PositiveBigIntegerField("taille en octets", default=0)
    finished_at = models.DateTimeField("terminée le", null=True)
    expires_at = models.DateTimeField("effacée à partir du", null=True)

    objects = OrganisationArchiveQuerySet.as_manager()

    class Meta:
        verbose_name = "archive d'une organisation"
        verbose_name_plural = "archives d'organisations"
        ordering = ("-asked_at", "-pk")
        constraints = (
            models.UniqueConstraint(
                fields=["organisation", "asked_by"],
                condition=models.Q(state__in=ACTIVE),
                name="archive_one_in_preparation",
                violation_error_message="Cette archive est déjà en préparation.",
            ),
        )

    def __str__(self) -> str:
        return f"Archive de {self.organisation}"

    @property
    def is_active(self) -> bool:
        return self.state in ACTIVE
