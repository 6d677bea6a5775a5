from __future__ import annotations

import datetime as dt
from typing import NamedTuple

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from calendar_app.enums import ReminderState, Right
from calendar_app.models.calendars import Dispositif
from calendar_app.models.deadlines import Deadline
from calendar_app.models.solutions import Prestation, Solution, Supplier
from calendar_app.querysets import ReminderQuerySet
from calendar_app.rules.reminded import Key
from mailing.models import OutgoingMail
from mailing.rules import asked_kinds
from segur.lib.months import end_of

TITLES = {
    Right.MANDATE: "Fin du mandat",
    Right.PSC: "Fin de l'habilitation EDC PSC",
}


class LastDay(NamedTuple):
    """The end of a right, as `segur.lib.due` shows a date."""

    due_at: dt.datetime
    estimated_at: dt.datetime | None = None


class Reminder(models.Model):
    """One step before (or after) one version of a date, for one person: sent once or never.

    It is about a deadline, or about a right of a Fournisseur that ends (`supplier` and `right`).
    `subject_version` is that of the deadline, or the last day of the right as an ordinal. `step` is
    in days before the date: 7 is J-7, 0 the morning of the day, -1 is J+1.
    """

    deadline = models.ForeignKey(
        Deadline, models.CASCADE, null=True, related_name="reminders", db_index=False
    )
    supplier = models.ForeignKey(
        Supplier, models.CASCADE, null=True, related_name="reminders", db_index=False
    )
    right = models.CharField("droit", max_length=10, choices=Right, blank=True)
    subject_version = models.PositiveIntegerField()
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="reminders"
    )
    step = models.SmallIntegerField()
    due_at = models.DateTimeField("part le")
    state = models.CharField(max_length=10, choices=ReminderState, default=ReminderState.SCHEDULED)
    state_reason = models.CharField(max_length=200, blank=True)
    mail = models.ForeignKey(
        OutgoingMail, models.SET_NULL, null=True, related_name="reminders", db_index=False
    )
    created_at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(null=True)

    objects = ReminderQuerySet.as_manager()

    class Meta:
        verbose_name = "rappel"
        ordering = ("due_at", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=["deadline", "subject_version", "recipient", "step"],
                name="reminder_unique",
            ),
            models.UniqueConstraint(
                fields=["supplier", "right", "subject_version", "recipient", "step"],
                condition=Q(supplier__isnull=False),
                name="reminder_of_right_unique",
            ),
            models.CheckConstraint(
                condition=Q(deadline__isnull=False, supplier=None, right="")
                | Q(deadline=None, supplier__isnull=False) & ~Q(right=""),
                name="reminder_has_one_subject",
            ),
        )
        # The largest table: only what is looked for is indexed. A deadline and a Fournisseur are
        # found by the unique constraints.
        indexes = (
            models.Index(
                fields=["due_at"], condition=Q(state=ReminderState.SCHEDULED), name="reminder_due"
            ),
            models.Index(fields=["mail"], condition=Q(mail__isnull=False), name="reminder_of_mail"),
        )

    def __str__(self) -> str:
        return f"{self.step} · {self.title} · {self.about} → {self.recipient}"

    @property
    def key(self) -> Key:
        return str(self.right), self.supplier_id or self.deadline_id or 0

    @property
    def title(self) -> str:
        if self.deadline:
            return self.deadline.title
        return TITLES[Right(self.right)]

    @property
    def about(self) -> Solution | Prestation | Supplier:
        """What it is for."""
        if self.deadline:
            return self.deadline.subject
        assert self.supplier is not None  # noqa: S101  (reminder_has_one_subject)
        return self.supplier

    @property
    def dispositif(self) -> Dispositif:
        if self.deadline:
            return self.deadline.dispositif
        assert self.supplier is not None  # noqa: S101  (reminder_has_one_subject)
        return self.supplier.solution.dispositif

    @property
    def last_at(self) -> dt.datetime:
        """The instant that the step counts from: of a right, the end of its last day."""
        if self.deadline:
            return self.deadline.fixed_at
        return end_of(dt.date.fromordinal(self.subject_version))

    @property
    def dated(self) -> Deadline | LastDay:
        """The date that it is about, with the estimate beside it."""
        return self.deadline or LastDay(self.last_at)

    @property
    def page(self) -> str:
        if self.deadline_id:
            return reverse("deadlines:detail", args=[self.deadline_id])
        return reverse("solutions:supplier_detail", args=[self.supplier_id])


class ArchivedReminder(models.Model):
    """A reminder that is over (`services.reminders.archiving`): its values, without references, so
    that what it was about and its mail can be deleted. The page of its mail shows it; it is in the
    export of its person and goes with them.
    """

    id = models.BigIntegerField(primary_key=True)
    deadline_id = models.BigIntegerField(null=True)
    supplier_id = models.BigIntegerField(null=True)
    right = models.CharField(max_length=10, blank=True)
    subject_version = models.PositiveIntegerField()
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="+",
        db_index=False,
        db_constraint=False,
    )
    step = models.SmallIntegerField()
    due_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=ReminderState)
    state_reason = models.CharField(max_length=200, blank=True)
    mail_id = models.BigIntegerField(null=True)
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    archived_at = models.DateTimeField()

    class Meta:
        verbose_name = "rappel archivé"
        verbose_name_plural = "rappels archivés"
        indexes = (
            models.Index(
                fields=["mail_id"], condition=Q(mail_id__isnull=False), name="archived_of_mail"
            ),
            models.Index(fields=["recipient"], name="archived_of_person"),
        )

    def __str__(self) -> str:
        return f"{self.pk} · {self.due_at:%d/%m/%Y}"


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
    updated_at = models.DateTimeField(auto_now=True, db_index=True)

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


class PlanningRun(models.Model):
    """How far the planning of reminders has come: one row.

    `complete_at`: when everything was last planned; `link`: the last link of the journal whose
    entry was followed; `ran_at`: up to when the preferences were.
    """

    complete_at = models.DateTimeField()
    ran_at = models.DateTimeField()
    link = models.BigIntegerField()

    class Meta:
        verbose_name = "passage de la planification"

    def __str__(self) -> str:
        return f"{self.ran_at:%d/%m/%Y %H:%M}"
