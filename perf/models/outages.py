"""Outages of DRIMbox prestations: what each source says, what was decided (DOMAIN §4, ADR 0008)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Upper
from django.utils import timezone

from accounts.models import ApiToken, Organisation
from calendar_app.models import Prestation
from documents.models import StoredFile
from journal.models import Tracked
from perf.enums import OutageNature, OutageStanding, Source
from perf.querysets import (
    OutageProofQuerySet,
    OutageQuerySet,
    OutageVersionQuerySet,
    ServiceQuerySet,
)
from segur.fields import CodeField, IdentifierField, person


class Service(Tracked):
    """The supervised service of one DRIMbox prestation: how files, API and probes name it."""

    prestation = models.OneToOneField(Prestation, models.PROTECT, related_name="perf_service")
    code = CodeField(
        "code du service",
        max_length=60,
        unique=True,
        error_messages={"unique": "Ce code désigne déjà un autre service."},
    )
    probe_id = IdentifierField("sonde de la supervision", max_length=60, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = ServiceQuerySet.as_manager()
    tracked = ("code", "probe_id")

    class Meta:
        verbose_name = "service supervisé"
        verbose_name_plural = "services supervisés"
        ordering = ("code",)
        indexes = (
            models.Index(Upper("code"), name="service_code"),
            models.Index(Upper("probe_id"), name="service_probe"),
        )
        constraints = (
            models.UniqueConstraint(
                fields=["probe_id"],
                condition=~Q(probe_id=""),
                name="service_probe_unique",
                violation_error_message="Cette sonde surveille déjà un autre service.",
            ),
        )

    def __str__(self) -> str:
        return self.code

    @property
    def organisation_id(self) -> int:
        """Its Fournisseur, who reads its journal besides the ANS."""
        return self.prestation.organisation_id


class Outage(models.Model):
    """One outage as it counts. `started_at` and `ended_at` repeat those of the version that counts,
    `counting`, so that D_f is read from one table; [start, end), the end None while it lasts.

    Of what a party recorded first: until `slip_until` its author may correct it freely, and while
    `end_is_free` its first end counts at once (`services.weighing`). Both only ever go.
    """

    service = models.ForeignKey(Service, models.PROTECT, related_name="outages")
    nature = models.CharField(
        "nature", max_length=12, choices=OutageNature, default=OutageNature.OUTAGE
    )
    standing = models.CharField(
        "situation", max_length=14, choices=OutageStanding, default=OutageStanding.UNCONTESTED
    )
    started_at = models.DateTimeField("début")
    ended_at = models.DateTimeField("fin", null=True, blank=True)
    counting = models.ForeignKey(
        "OutageVersion",
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name="version comptée",
    )
    contested_at = models.DateTimeField(null=True)
    contested_by = person()
    contested_by_name = models.CharField(max_length=150, blank=True)
    contest_reason = models.TextField("motif de la contestation", blank=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = person()
    decided_by_name = models.CharField(max_length=150, blank=True)
    decision_reason = models.TextField("motif de la décision", blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    slip_until = models.DateTimeField(null=True, editable=False)
    end_is_free = models.BooleanField(default=False, editable=False)

    objects = OutageQuerySet.as_manager()

    class Meta:
        verbose_name = "panne"
        ordering = ("-started_at", "-pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(ended_at__gte=F("started_at")),
                name="outage_ends_after_start",
                violation_error_message="La fin vient avant le début.",
            ),
        )
        # All that the closing of the park reads, in its order: it never reads the rows themselves.
        indexes = (
            models.Index(
                fields=["service", "started_at", "ended_at", "standing", "nature"],
                name="outage_service_start",
            ),
            models.Index(
                fields=["contested_at"],
                condition=Q(standing=OutageStanding.CONTESTED),
                name="outage_contested",
            ),
        )

    def __str__(self) -> str:
        return f"{self.service} · {self.name}"

    @property
    def organisation_id(self) -> int:
        """Its Fournisseur, who reads its journal."""
        return self.service.prestation.organisation_id

    def is_loose(self, now: dt.datetime) -> bool:
        """What it counts may still fall without a decision: nothing else may lean on it."""
        return self.is_young(now) or (self.end_is_free and self.ended_at is None)

    def is_young(self, now: dt.datetime) -> bool:
        """Its author may still correct it."""
        return self.slip_until is not None and now < self.slip_until

    @property
    def noun(self) -> str:
        return OutageNature(self.nature).noun

    @property
    def name(self) -> str:
        """«panne n° 5», «maintenance n° 5»; for the beginning of a sentence, `capitalize()`."""
        return f"{self.noun} n° {self.pk}"

    @property
    def title(self) -> str:
        return f"{self.get_nature_display()} n° {self.pk}"

    def overlaps(self, other: Outage) -> bool:
        """They share at least an instant; what goes on has no end."""
        return (other.ended_at is None or self.started_at < other.ended_at) and (
            self.ended_at is None or other.started_at < self.ended_at
        )

    def first_of(self, versions: Iterable[OutageVersion]) -> OutageVersion:
        """The one that counts where nothing was decided: of the first source in the order of
        `Source`, and of two of one source, the one that counts already."""
        order = list(Source)
        return min(
            versions,
            key=lambda row: (order.index(Source(row.source)), row.pk != self.counting_id, row.pk),
        )

    def count(self, version: OutageVersion) -> None:
        """The version becomes the one that counts. Not saved."""
        self.counting = version
        self.started_at, self.ended_at = version.started_at, version.ended_at

    def follow(self, version: OutageVersion) -> None:
        """Takes the instants of the version that counts. What was decided keeps its own, except an
        end that was not known yet. Not saved."""
        if not self.decided_at:
            self.started_at, self.ended_at = version.started_at, version.ended_at
        elif self.ended_at is None and version.ended_at and version.ended_at >= self.started_at:
            self.ended_at = version.ended_at
        self.end_is_free = self.end_is_free and self.ended_at is None

    def lasts_at(self, now: dt.datetime) -> bool:
        """It has begun, and has no end yet or an announced one."""
        return self.started_at <= now and (self.ended_at is None or self.ended_at > now)


class OutageVersion(models.Model):
    """What one source says of an outage. Recorded again with the same reference, it is
    updated; every earlier value stays in the journal.

    `organisation` repeats that of the service's prestation, which never changes, so that the
    database itself can refuse one reference for two services of a Fournisseur.
    """

    outage = models.ForeignKey(Outage, models.CASCADE, related_name="versions")
    service = models.ForeignKey(Service, models.PROTECT, related_name="versions")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    source = models.CharField("source", max_length=12, choices=Source)
    reference = IdentifierField("référence", max_length=120)
    started_at = models.DateTimeField("début")
    ended_at = models.DateTimeField("fin", null=True, blank=True)
    cause = models.CharField("cause", max_length=500, blank=True)
    recorded_by = person()
    recorded_by_name = models.CharField(max_length=150)
    recorded_key = models.ForeignKey(ApiToken, models.SET_NULL, null=True, related_name="+")
    recorded_at = models.DateTimeField(default=timezone.now)
    updated_at = models.DateTimeField(null=True)

    objects = OutageVersionQuerySet.as_manager()

    class Meta:
        verbose_name = "version d'une panne"
        verbose_name_plural = "versions des pannes"
        ordering = ("recorded_at", "pk")
        indexes = (models.Index(Upper("reference"), name="outage_version_reference"),)
        constraints = (
            models.UniqueConstraint(
                fields=["organisation", "source", "reference"],
                name="outage_version_unique",
                violation_error_message="Cette source a déjà donné cette référence.",
            ),
            models.UniqueConstraint(
                fields=["reference"],
                condition=Q(source=Source.ANS),
                name="outage_version_ans_unique",
                violation_error_message="La supervision a déjà donné cette référence.",
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(ended_at__gte=F("started_at")),
                name="outage_version_ends_after_start",
                violation_error_message="La fin vient avant le début.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_source_display()} {self.reference}"


class OutageProof(StoredFile):
    """A file that supports a version, a contestation or a decision."""

    outage = models.ForeignKey(Outage, models.CASCADE, related_name="proofs")

    objects = OutageProofQuerySet.as_manager()

    class Meta:
        verbose_name = "pièce d'une panne"
        verbose_name_plural = "pièces des pannes"
        ordering = ("pk",)
