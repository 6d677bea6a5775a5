"""The official calendars: loaded from reviewed data, amended only by versions."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from calendar_app.enums import Channel, MilestoneScope, Nature


class Dispositif(models.Model):
    """A funding scheme of the Couloir Imagerie, with those of the follow-ups that it has."""

    code = models.CharField(max_length=30, unique=True)
    slug = models.SlugField(unique=True)
    name = models.CharField("nom", max_length=100)
    short_name = models.CharField("nom court", max_length=20)
    needs_proxy = models.BooleanField("référencée en couple avec un proxy", default=False)
    has_pilots = models.BooleanField("pilotes et premières installations", default=False)
    has_va = models.BooleanField("VA, demi-connecteurs et portails", default=False)
    has_perf = models.BooleanField("PERF, par les indisponibilités", default=False)
    has_ratios = models.BooleanField("PERFm et PERFe", default=False)

    class Meta:
        verbose_name = "dispositif"
        ordering = ("pk",)

    def __str__(self) -> str:
        return self.short_name


class Milestone(models.Model):
    """A «jalon». Its dates and `version` repeat its newest version, so that queries stay simple.

    `due_at` is the regulatory date, `estimated_at` an estimate beside it: one of the two is there.
    `date_version` is the version that gave `due_at`: that of its deadlines and reminders. The gates
    of its filings are the rights of the Fournisseur (`is_money_step`) and the pilots.
    """

    dispositif = models.ForeignKey(Dispositif, models.PROTECT, related_name="milestones")
    number = models.PositiveSmallIntegerField("numéro")
    code = models.CharField(max_length=40, unique=True)
    title = models.CharField("intitulé", max_length=200)
    scope = models.CharField("s'applique à", max_length=12, choices=MilestoneScope)
    channel = models.CharField("se dépose sur", max_length=12, choices=Channel)
    is_money_step = models.BooleanField("étape de paiement", default=False)
    needs_pilots = models.BooleanField("demande le périmètre pilote", default=False)
    due_at = models.DateTimeField("avant le", null=True, blank=True)
    estimated_at = models.DateTimeField("date estimée", null=True, blank=True)
    version = models.PositiveIntegerField(default=1)
    date_version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = "jalon"
        ordering = ("dispositif", "number")
        constraints = (
            models.UniqueConstraint(
                fields=["dispositif", "number"],
                name="milestone_number_unique",
                violation_error_message="Ce dispositif a déjà un jalon de ce numéro.",
            ),
            models.CheckConstraint(
                condition=Q(due_at__isnull=False) | Q(estimated_at__isnull=False),
                name="milestone_has_a_date",
                violation_error_message="Un jalon a une date réglementaire ou une date estimée.",
            ),
        )

    def __str__(self) -> str:
        return self.title

    @property
    def nature(self) -> Nature:
        return Nature.REGULATORY if self.due_at else Nature.ESTIMATED


class MilestoneVersion(models.Model):
    """The dates of a milestone from one act on, who set them and on what ground. Append-only."""

    milestone = models.ForeignKey(Milestone, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    due_at = models.DateTimeField("avant le", null=True, blank=True)
    estimated_at = models.DateTimeField("date estimée", null=True, blank=True)
    source = models.CharField("source", max_length=300)
    reason = models.CharField("motif", max_length=500, blank=True)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True)
    author_name = models.CharField("auteur", max_length=150)
    created_at = models.DateTimeField(default=timezone.now)
    told_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        verbose_name = "version d'un jalon"
        verbose_name_plural = "versions des jalons"
        ordering = ("milestone", "-number")
        constraints = (
            models.UniqueConstraint(
                fields=["milestone", "number"],
                name="milestone_version_unique",
                violation_error_message="Ce jalon vient d'être modifié par quelqu'un d'autre.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.milestone} v{self.number}"
