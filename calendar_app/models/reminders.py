from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from calendar_app.enums import ReminderState
from calendar_app.models.calendars import Dispositif
from calendar_app.models.deadlines import Deadline
from calendar_app.querysets import ReminderQuerySet
from mailing.models import OutgoingMail
from mailing.rules import asked_kinds


class Reminder(models.Model):
    """One step before (or after) one version of a deadline, for one person: sent once or never.

    `step` is in days before the deadline: 7 is J-7, 0 the morning of the day, -1 is J+1.
    """

    deadline = models.ForeignKey(Deadline, models.CASCADE, related_name="reminders")
    deadline_version = models.PositiveIntegerField()
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="reminders"
    )
    step = models.SmallIntegerField()
    due_at = models.DateTimeField("part le")
    state = models.CharField(max_length=10, choices=ReminderState, default=ReminderState.SCHEDULED)
    state_reason = models.CharField(max_length=200, blank=True)
    mail = models.ForeignKey(OutgoingMail, models.SET_NULL, null=True, related_name="reminders")
    created_at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(null=True)

    objects = ReminderQuerySet.as_manager()

    class Meta:
        verbose_name = "rappel"
        ordering = ("due_at", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=["deadline", "deadline_version", "recipient", "step"],
                name="reminder_unique",
            ),
        )
        indexes = (models.Index(fields=["state", "due_at"], name="reminder_due"),)

    def __str__(self) -> str:
        return f"{self.step} · {self.deadline} → {self.recipient}"


class ReminderPreference(models.Model):
    """What a person wants, for everything (`dispositif` null) or for one dispositif, which wins.

    `steps` are those wanted; `muted_kinds` the optional kinds shown on the site only; `early` asks
    for the steps before one's role would be added. `quiet` holds optional mails back outside
    working hours; it is read of the general preference only.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="reminder_preferences"
    )
    dispositif = models.ForeignKey(Dispositif, models.CASCADE, null=True, blank=True)
    steps = models.JSONField("étapes")
    early = models.BooleanField("recevoir aussi les premières étapes", default=False)
    muted_kinds = models.JSONField("courriels refusés", default=asked_kinds)
    quiet = models.BooleanField("pas de courriel hors des heures ouvrées", default=False)
    paused_until = models.DateField("pause jusqu'au", null=True, blank=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = "préférence de rappel"
        verbose_name_plural = "préférences de rappel"
        constraints = (
            models.UniqueConstraint(fields=["user", "dispositif"], name="preference_unique"),
            models.UniqueConstraint(
                fields=["user"], condition=Q(dispositif=None), name="preference_general_unique"
            ),
        )

    def __str__(self) -> str:
        return f"{self.user} · {self.dispositif or 'tout'}"
