"""Corrections that lower D_f: asked by a party, they count from the ANS's decision on."""

from __future__ import annotations

from fractions import Fraction

from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models import ApiToken
from journal.enums import Origin
from perf.enums import CorrectionAct, CorrectionState
from perf.models.outages import Outage, Service
from perf.querysets import CorrectionQuerySet
from segur.fields import person


class Correction(models.Model):
    """`target` names what it is about, such as «version 12»: one is pending at a time. `values` are
    the arguments of the act, in JSON. The figures are those of `period` when it was asked.
    """

    service = models.ForeignKey(Service, models.PROTECT, related_name="corrections")
    outage = models.ForeignKey(Outage, models.SET_NULL, null=True, related_name="corrections")
    other = models.ForeignKey(Outage, models.SET_NULL, null=True, related_name="+")
    act = models.CharField("acte", max_length=12, choices=CorrectionAct)
    target = models.CharField(max_length=60)
    values = models.JSONField(default=dict)
    what = models.CharField("correction demandée", max_length=500)
    state = models.CharField(
        "état", max_length=12, choices=CorrectionState, default=CorrectionState.PENDING
    )
    period = models.CharField("période", max_length=60)
    counted_before = models.BigIntegerField("D_f actuelle, en microsecondes")
    counted_after = models.BigIntegerField("D_f demandée, en microsecondes")
    perf_before = models.CharField("PERF actuel", max_length=5)
    perf_after = models.CharField("PERF demandé", max_length=5)
    proposed_at = models.DateTimeField("demandée le", default=timezone.now)
    proposed_by = person()
    proposed_by_name = models.CharField(max_length=150)
    proposed_key = models.ForeignKey(ApiToken, models.SET_NULL, null=True, related_name="+")
    origin = models.CharField(max_length=12, choices=Origin, default=Origin.SCREEN)
    decided_at = models.DateTimeField(null=True)
    decided_by = person()
    decided_by_name = models.CharField(max_length=150, blank=True)
    decision_reason = models.TextField("motif de la décision", blank=True)

    objects = CorrectionQuerySet.as_manager()

    class Meta:
        verbose_name = "correction à la baisse"
        verbose_name_plural = "corrections à la baisse"
        ordering = ("proposed_at", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=["service", "target"],
                condition=Q(state=CorrectionState.PENDING),
                name="correction_pending_once",
                violation_error_message="Une correction attend déjà pour cette indisponibilité.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.service} · {self.get_act_display().lower()}"

    @property
    def organisation_id(self) -> int:
        """The Fournisseur, who reads its journal."""
        return self.service.prestation.organisation_id

    @property
    def scores(self) -> tuple[Fraction, Fraction]:
        """PERF before and after."""
        return Fraction(self.perf_before), Fraction(self.perf_after)
