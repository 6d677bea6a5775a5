"""PERFm and PERFe of a RIS prestation: ratios over comptes-rendus, month by month."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from calendar_app.models import Prestation
from journal.models import Tracked
from perf.enums import Indicator
from perf.querysets import RatioQuerySet
from segur.fields import person


class Ratio(Tracked):
    """One month of one indicator. CR of téléradiologie platforms are included (DOMAIN §4), so both
    parts are required: 0 is a value, empty is not. `month` is its first day.
    """

    prestation = models.ForeignKey(Prestation, models.PROTECT, related_name="perf_ratios")
    indicator = models.CharField("indicateur", max_length=6, choices=Indicator)
    month = models.DateField("mois")
    local_numerator = models.PositiveIntegerField("numérateur, CR locaux")
    local_denominator = models.PositiveIntegerField("dénominateur, CR locaux")
    remote_numerator = models.PositiveIntegerField("numérateur, CR de téléradiologie")
    remote_denominator = models.PositiveIntegerField("dénominateur, CR de téléradiologie")
    recorded_by = person()
    recorded_by_name = models.CharField(max_length=150)
    recorded_at = models.DateTimeField(default=timezone.now)

    objects = RatioQuerySet.as_manager()
    tracked = (
        "local_numerator",
        "local_denominator",
        "remote_numerator",
        "remote_denominator",
    )

    class Meta:
        verbose_name = "saisie PERFm ou PERFe"
        verbose_name_plural = "saisies PERFm et PERFe"
        ordering = ("-month", "indicator", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=["prestation", "indicator", "month"],
                name="ratio_unique",
                violation_error_message="Ce mois est déjà saisi pour cet indicateur.",
            ),
            models.CheckConstraint(
                condition=Q(local_numerator__lte=F("local_denominator"))
                & Q(remote_numerator__lte=F("remote_denominator")),
                name="ratio_at_most_one",
                violation_error_message="Un numérateur dépasse son dénominateur.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_indicator_display()} {self.month:%m/%Y}"

    @property
    def organisation_id(self) -> int:
        """Its Fournisseur, who reads its journal besides the ANS."""
        return self.prestation.organisation_id

    @property
    def journal_label(self) -> str:
        return f"{self} · {self.prestation}"
