"""The VA of a DRIMbox prestation, its conditions, the Client's notification (DOMAIN §6)."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from calendar_app.models import Deadline, Prestation
from documents.models import StoredFile
from pilots.enums import ConditionState, VACase
from pilots.querysets import OfPrestation, OfVA
from segur.fields import person


class VA(models.Model):
    """The «vérification d'aptitude» signed by the Client. In case 2 some conditions are reported;
    the two months run from the Client's notification, and `clock` is their deadline.
    """

    prestation = models.OneToOneField(Prestation, models.PROTECT, related_name="va")
    case = models.CharField("cas", max_length=6, choices=VACase)
    finalised_on = models.DateField("prestation finalisée le")
    ris_vague2_on = models.DateField("RIS en Vague 2 depuis le", null=True, blank=True)
    signed_on = models.DateField("signée le")
    signatory_name = models.CharField("signataire pour le Client", max_length=150)
    signatory_role = models.CharField("qualité du signataire", max_length=150, blank=True)
    comment = models.TextField("observations", blank=True, max_length=2000)
    clock = models.OneToOneField(
        Deadline, models.SET_NULL, null=True, blank=True, related_name="va"
    )
    nudged_at = models.DateTimeField("relance envoyée le", null=True, blank=True)
    recorded_by = person()
    recorded_at = models.DateTimeField(default=timezone.now)

    objects = OfPrestation.as_manager()

    class Meta:
        verbose_name = "VA"
        verbose_name_plural = "VA"
        ordering = ("-signed_on", "-pk")

    def __str__(self) -> str:
        return f"VA · {self.prestation}"

    @property
    def awaits_ris(self) -> bool:
        """«En attente du RIS»: conditions are reported and the Client has not notified yet."""
        return self.case == VACase.SOME_REPORTED and not hasattr(self, "notification")


class VACondition(models.Model):
    """A condition of one VA, copied from the check-list of its day."""

    va = models.ForeignKey(VA, models.CASCADE, related_name="conditions")
    code = models.SlugField(max_length=40)
    label = models.CharField(max_length=300)
    source = models.CharField(max_length=300)
    position = models.PositiveSmallIntegerField(default=0)
    state = models.CharField(max_length=10, choices=ConditionState)
    validated_on = models.DateField("validée par le Client le", null=True, blank=True)
    recorded_at = models.DateTimeField(null=True, blank=True)

    objects = OfVA.as_manager()

    class Meta:
        verbose_name = "condition d'une VA"
        verbose_name_plural = "conditions des VA"
        ordering = ("position", "pk")
        constraints = (models.UniqueConstraint(fields=["va", "code"], name="condition_unique"),)

    def __str__(self) -> str:
        return self.label


class Notification(models.Model):
    """The Client notifies the Fournisseur that its RIS is in Vague 2. The first one counts; a
    correction changes it, a withdrawal removes it, with their reason, and both are journaled.
    `months` is the delay in effect on that day: the one that runs is not moved by a later change
    of the parameter.
    """

    va = models.OneToOneField(VA, models.CASCADE, related_name="notification")
    notified_on = models.DateField("signifié le")
    means = models.CharField("par quel moyen", max_length=150)
    months = models.PositiveSmallIntegerField("délai en mois")
    recorded_by = person()
    recorded_by_name = models.CharField(max_length=150)
    recorded_at = models.DateTimeField(default=timezone.now)

    objects = OfVA.as_manager()

    class Meta:
        verbose_name = "notification du Client"
        verbose_name_plural = "notifications des Clients"

    def __str__(self) -> str:
        return f"{self.va} · notification"


class VAFile(StoredFile):
    """The signed VA, the proof of a notification (`notification` set, or `is_withdrawn` once it was
    recorded by mistake) or of a validation (`condition` set)."""

    va = models.ForeignKey(VA, models.PROTECT, related_name="files")
    notification = models.ForeignKey(
        Notification, models.SET_NULL, null=True, blank=True, related_name="files"
    )
    condition = models.ForeignKey(
        VACondition, models.SET_NULL, null=True, blank=True, related_name="files"
    )
    is_withdrawn = models.BooleanField("preuve d'une notification retirée", default=False)

    objects = OfVA.as_manager()

    class Meta:
        verbose_name = "pièce d'une VA"
        verbose_name_plural = "pièces des VA"
        ordering = ("pk",)
