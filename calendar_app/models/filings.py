"""Filings, their proofs and their receipts. Files are never overwritten nor deleted."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.db.models.functions import Upper
from django.utils import timezone

from accounts.models import Organisation
from calendar_app.enums import FilingOrigin, FilingStatus, State
from calendar_app.models.deadlines import Deadline
from calendar_app.querysets import FilingBatchQuerySet, FilingQuerySet, ProofQuerySet
from calendar_app.rules.filing import timing_words
from documents.models import StoredFile
from segur.fields import IdentifierField, person


class FilingBatch(models.Model):
    """Deposits declared in one act, for one accusé: its receipt lists those of the filings."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    recorded_by = person()
    recorded_at = models.DateTimeField(default=timezone.now)
    receipt_number = IdentifierField(max_length=30, null=True, unique=True)
    receipt = models.JSONField(default=dict)
    receipt_sha256 = models.CharField(max_length=64, blank=True)

    objects = FilingBatchQuerySet.as_manager()

    class Meta:
        verbose_name = "dépôts déclarés ensemble"
        verbose_name_plural = "dépôts déclarés ensemble"

    def __str__(self) -> str:
        return str(self.receipt_number)


class Filing(models.Model):
    """One deposit of a deadline: a draft, then filed for good. A correction is a new filing.

    `prepared_…` say who began the draft, `saved_…` who saved it last. `deposited_at` is the instant
    of the real deposit on its channel; `recorded_at` that of its recording here. `due_at`
    (none while the date was not fixed) and `deadline_version` are what held at recording.
    """

    deadline = models.ForeignKey(Deadline, models.CASCADE, related_name="filings")
    number = models.PositiveIntegerField("version")
    status = models.CharField(max_length=10, choices=FilingStatus, default=FilingStatus.DRAFT)
    origin = models.CharField(max_length=8, choices=FilingOrigin, default=FilingOrigin.DECLARED)
    comment = models.TextField("commentaire", blank=True, max_length=2000)
    external_reference = IdentifierField("numéro de l'accusé de dépôt", max_length=80, blank=True)
    deposited_at = models.DateTimeField("déposé le", null=True, blank=True)

    batch = models.ForeignKey(FilingBatch, models.PROTECT, null=True, related_name="filings")
    prepared_by = person()
    prepared_at = models.DateTimeField(default=timezone.now)
    saved_by_name = models.CharField(max_length=150, blank=True)
    saved_at = models.DateTimeField(null=True)
    recorded_by = person()
    recorded_by_name = models.CharField(max_length=150, blank=True)
    recorded_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
    deadline_version = models.PositiveIntegerField(null=True)

    receipt_number = IdentifierField(max_length=30, null=True, unique=True)
    receipt = models.JSONField(null=True)
    receipt_sha256 = models.CharField(max_length=64, blank=True)

    decision = models.CharField(max_length=12, blank=True)
    decision_reason = models.TextField(blank=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = person()
    decided_by_name = models.CharField(max_length=150, blank=True)
    decided_sha256 = models.CharField(max_length=64, blank=True)

    objects = FilingQuerySet.as_manager()

    class Meta:
        verbose_name = "dépôt"
        ordering = ("deadline", "-number")
        indexes = (
            models.Index(Upper("external_reference"), name="filing_reference"),
            models.Index(Upper("receipt_number"), name="filing_receipt"),
            models.Index(fields=["receipt_sha256"], name="filing_digest"),
        )
        constraints = (
            models.UniqueConstraint(fields=["deadline", "number"], name="filing_number_unique"),
            models.UniqueConstraint(
                fields=["deadline"],
                condition=Q(status=FilingStatus.DRAFT),
                name="filing_one_draft",
                violation_error_message="Cette échéance a déjà un brouillon.",
            ),
            models.CheckConstraint(
                condition=~Q(status=FilingStatus.FILED)
                | Q(deposited_at__isnull=False, recorded_at__isnull=False),
                name="filing_filed_is_dated",
            ),
        )

    def __str__(self) -> str:
        return f"{self.deadline} n° {self.number}"

    @property
    def is_without_proof(self) -> bool:
        """Taken over, or declared with others, without its file. Every page that lists it says
        so."""
        proofs = self.proofs.all()
        return self.status == FilingStatus.FILED and all(proof.withdrawn_at for proof in proofs)

    @property
    def timing(self) -> str:
        return timing_words((self.receipt or {}).get("dans_les_delais"))

    @property
    def decision_label(self) -> str:
        return State(self.decision).label if self.decision else ""


class Proof(StoredFile):
    """A file of a filing. A correcting draft starts with the proofs of the filing it corrects:
    several rows may then name one stored file.
    """

    filing = models.ForeignKey(Filing, models.CASCADE, related_name="proofs")
    withdrawn_at = models.DateTimeField(null=True)

    objects = ProofQuerySet.as_manager()

    class Meta:
        verbose_name = "pièce"
        ordering = ("pk",)
