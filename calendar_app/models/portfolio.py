"""What an organisation keeps for its portfolio: its margin, and the money of its prestations."""

from __future__ import annotations

from django.core.validators import MaxValueValidator
from django.db import models

from accounts.models import Organisation
from calendar_app.models.solutions import Prestation
from calendar_app.querysets import AmountsQuerySet
from calendar_app.rules.safe_days import LONGEST_MARGIN


class SafetyMargin(models.Model):
    """How many working days before each legal date an organisation wants to be ready."""

    organisation = models.OneToOneField(
        Organisation, models.CASCADE, related_name="safety_margin", verbose_name="organisation"
    )
    days = models.PositiveSmallIntegerField(
        "jours ouvrés", validators=[MaxValueValidator(LONGEST_MARGIN)]
    )

    class Meta:
        verbose_name = "marge d'une organisation"
        verbose_name_plural = "marges des organisations"

    def __str__(self) -> str:
        return f"{self.days} jours ouvrés"


class Amounts(models.Model):
    """The avance and the solde of a prestation in cents, as its Fournisseur gives them: see
    `visible_to`. None where nobody has given one.

    `…_paid_on` is the day on which the ASP paid, where the Fournisseur records it.
    """

    prestation = models.OneToOneField(Prestation, models.CASCADE, related_name="amounts")
    advance = models.PositiveBigIntegerField("avance, en centimes", null=True, blank=True)
    balance = models.PositiveBigIntegerField("solde, en centimes", null=True, blank=True)
    advance_paid_on = models.DateField("avance payée le", null=True, blank=True)
    balance_paid_on = models.DateField("solde payé le", null=True, blank=True)

    objects = AmountsQuerySet.as_manager()

    class Meta:
        verbose_name = "montants d'une prestation"
        verbose_name_plural = "montants des prestations"

    def __str__(self) -> str:
        return str(self.prestation)

    @property
    def organisation_id(self) -> int:
        """Its Fournisseur, who reads its journal besides the ANS."""
        return self.prestation.organisation_id
