"""What one organisation must do by an instant."""

from __future__ import annotations

import datetime as dt

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from accounts.models import Organisation
from calendar_app.enums import OPEN_STATES, Channel, State
from calendar_app.models.calendars import Dispositif, Milestone
from calendar_app.models.solutions import Prestation, Solution
from calendar_app.querysets import DeadlineQuerySet


class Deadline(models.Model):
    """An «échéance»: a milestone × a solution or × a prestation, or a computed delay (none).

    `due_at` and `version` are the date of the milestone and its `date_version`; no `due_at` while
    it has only an estimate. `changed_at` is the instant of its last act, `reopened_at` that of the
    last one that made it to do again. Late or in time is derived, never stored. Only a computed
    delay has a `code` (which of its subject's delays it is), the `rule` that gives its date, as the
    screen says it, its own reminder `steps`, and the `page` where one acts.
    """

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="deadlines")
    dispositif = models.ForeignKey(Dispositif, models.PROTECT, related_name="deadlines")
    milestone = models.ForeignKey(
        Milestone, models.PROTECT, related_name="deadlines", null=True, blank=True
    )
    solution = models.ForeignKey(
        Solution, models.CASCADE, related_name="deadlines", null=True, blank=True
    )
    prestation = models.ForeignKey(
        Prestation, models.CASCADE, related_name="deadlines", null=True, blank=True
    )
    title = models.CharField("intitulé", max_length=200)
    code = models.CharField(max_length=60, blank=True)
    rule = models.CharField("règle", max_length=500, blank=True)
    steps = models.JSONField("étapes de rappel", null=True, blank=True)
    page = models.CharField(max_length=200, blank=True)
    due_at = models.DateTimeField("avant le", null=True, blank=True)
    version = models.PositiveIntegerField(default=1)
    moved_at = models.DateTimeField(null=True)
    state = models.CharField("état", max_length=12, choices=State, default=State.TO_DO)
    state_reason = models.CharField("motif", max_length=1000, blank=True)
    changed_at = models.DateTimeField(null=True)
    reopened_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = DeadlineQuerySet.as_manager()

    class Meta:
        verbose_name = "échéance"
        ordering = (F("due_at").asc(nulls_last=True), "dispositif", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=["milestone", "solution"], name="deadline_solution_unique"
            ),
            models.UniqueConstraint(
                fields=["milestone", "prestation"], name="deadline_prestation_unique"
            ),
            models.UniqueConstraint(
                fields=["solution", "code"],
                condition=~Q(code=""),
                name="deadline_solution_delay_unique",
            ),
            models.UniqueConstraint(
                fields=["prestation", "code"],
                condition=~Q(code=""),
                name="deadline_prestation_delay_unique",
            ),
            models.CheckConstraint(
                condition=Q(milestone=None) ^ Q(code=""),
                name="deadline_is_milestone_or_delay",
            ),
            models.CheckConstraint(
                condition=Q(solution=None, prestation__isnull=False)
                | Q(solution__isnull=False, prestation=None),
                name="deadline_has_one_subject",
                violation_error_message=(
                    "Une échéance porte sur une solution ou sur une prestation, jamais les deux."
                ),
            ),
        )
        indexes = (
            models.Index(fields=["state", "due_at"], name="deadline_state_due"),
            models.Index(fields=["milestone", "state", "id"], name="deadline_milestone_state"),
        )

    def __str__(self) -> str:
        return f"{self.title} · {self.subject}"

    @property
    def subject(self) -> Solution | Prestation:
        subject = self.solution or self.prestation
        assert subject is not None  # noqa: S101  (deadline_has_one_subject)
        return subject

    @property
    def fixed_at(self) -> dt.datetime:
        """The instant of what has one: what is reminded, late, taken over or computed."""
        if self.due_at is None:
            raise ValueError(f"{self.pk} has no date")
        return self.due_at

    @property
    def estimated_at(self) -> dt.datetime | None:
        return self.milestone.estimated_at if self.milestone else None

    @property
    def sequence(self) -> int:
        """Grows with every act on its date, estimates included: for agendas."""
        return self.milestone.version if self.milestone else self.version

    @property
    def channel(self) -> Channel:
        """A computed delay, which no calendar has, is filed here."""
        return Channel(self.milestone.channel) if self.milestone else Channel.HERE

    @property
    def is_delay(self) -> bool:
        """Computed, not a milestone: it closes by what happens on its `page`, not by a filing."""
        return self.milestone_id is None

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_STATES
