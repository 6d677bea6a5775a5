from __future__ import annotations

from django.db import models
from django.db.models import Q


class Pulse(models.Model):
    """When something that must happen regularly happened last: a task, beat, a worker."""

    name = models.CharField(max_length=200, primary_key=True)
    at = models.DateTimeField()

    class Meta:
        verbose_name = "signe de vie"

    def __str__(self) -> str:
        return f"{self.name} {self.at:%Y-%m-%dT%H:%M:%SZ}"


class Failure(models.Model):
    """A task that raised, or a mail that will not leave. `error` is a class of exception or a code:
    a message may name people.
    """

    what = models.CharField(max_length=200)
    error = models.CharField(max_length=100)
    at = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name = "échec"

    def __str__(self) -> str:
        return f"{self.what}: {self.error}"


class Alarm(models.Model):
    """A period during which the work was not well. `bad_at` is the last time it was seen so."""

    since = models.DateTimeField()
    bad_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "alerte"
        constraints = (
            models.UniqueConstraint(
                models.Value(1), condition=Q(ended_at=None), name="alarm_one_open"
            ),
        )

    def __str__(self) -> str:
        return f"{self.since:%Y-%m-%dT%H:%M:%SZ}"
