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


class PartialUpload(models.Model):
    """A file that software sends piece by piece, for twelve hours. Its pieces are in the storage.
    `organisation`: primary key of that of the API key, whose app lies above this one.
    """

    organisation = models.PositiveBigIntegerField()
    name = models.CharField(max_length=255)
    size = models.PositiveIntegerField()
    received = models.PositiveIntegerField(default=0)
    token = models.TextField(blank=True)
    """Of the whole file, once it has come and is accepted."""
    created_at = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name = "envoi par morceaux"
        verbose_name_plural = "envois par morceaux"

    def __str__(self) -> str:
        return self.name

    @property
    def is_whole(self) -> bool:
        return self.received == self.size
