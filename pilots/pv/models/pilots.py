"""RIS pilots: the Clients named, what was asked of the ASP for each, and their PV (DOMAIN §5)."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Upper
from django.utils import timezone

from accounts.models import Organisation
from calendar_app.models import Prestation
from documents.models import StoredFile
from journal.models import Tracked
from pilots.enums import AspRequestKind, AspRequestState, PVState, SignatureState, Withdrawal
from pilots.pv.rules.effect import EFFECT_AFTER
from pilots.querysets import OfPrestation, OfPV, PilotPVQuerySet, PilotQuerySet, PVDecisionQuerySet
from segur.fields import IdentifierField, person


class Pilot(models.Model):
    """A pilot Client: a RIS prestation that its Fournisseur named. Replaced, it is withdrawn with a
    reason, never deleted.
    """

    prestation = models.OneToOneField(Prestation, models.PROTECT, related_name="pilot")
    named_at = models.DateTimeField("désigné le", default=timezone.now)
    withdrawn_at = models.DateTimeField("retiré le", null=True, blank=True)
    withdrawn_reason = models.CharField("motif", max_length=500, blank=True)

    objects = PilotQuerySet.as_manager()

    class Meta:
        verbose_name = "Client pilote"
        verbose_name_plural = "Clients pilotes"
        ordering = ("named_at", "pk")

    def __str__(self) -> str:
        return str(self.prestation)

    @property
    def organisation_id(self) -> int:
        """Its Fournisseur, who reads its journal besides the ANS."""
        return self.prestation.organisation_id

    @property
    def client(self) -> Organisation:
        return self.prestation.client


class AspRequest(Tracked):
    """Where a demande de financement or de paiement de l'avance stands with the ASP. `on` is the
    day of its present state; `deposited_on` and `validated_on` are kept.
    """

    prestation = models.ForeignKey(Prestation, models.PROTECT, related_name="asp_requests")
    kind = models.CharField("demande", max_length=12, choices=AspRequestKind)
    state = models.CharField(
        "état", max_length=12, choices=AspRequestState, default=AspRequestState.TO_DEPOSIT
    )
    on = models.DateField("depuis le", null=True, blank=True)
    deposited_on = models.DateField("déposée le", null=True, blank=True)
    validated_on = models.DateField("validée le", null=True, blank=True)
    reference = IdentifierField("numéro à l'ASP", max_length=60, blank=True)
    note = models.CharField("ce que l'ASP demande", max_length=500, blank=True)

    objects = OfPrestation.as_manager()
    tracked = ("state", "on", "deposited_on", "validated_on", "reference", "note")

    class Meta:
        verbose_name = "demande à l'ASP"
        verbose_name_plural = "demandes à l'ASP"
        ordering = ("prestation", "pk")
        indexes = (models.Index(Upper("reference"), name="asp_request_reference"),)
        constraints = (
            models.UniqueConstraint(fields=["prestation", "kind"], name="asp_request_unique"),
        )

    def __str__(self) -> str:
        return self.get_kind_display()

    @property
    def organisation_id(self) -> int:
        """Its Fournisseur, who reads its journal besides the ANS."""
        return self.prestation.organisation_id


class PilotPV(models.Model):
    """A «PV d'installation pilote». `assigned_to` is the agent who has it in review, `assigned_by`
    who gave it, the agent themself who takes it. `second_agent` was asked to confirm a pending
    «non conforme»; any other agent may.

    `edited_at` is the last change of what it says, its preparation included; `sent_at` its last
    sending to the ANS; `decided_at` its last decision, which may have been reopened since.
    """

    pilot = models.ForeignKey(Pilot, models.PROTECT, related_name="pvs")
    state = models.CharField("état", max_length=12, choices=PVState, default=PVState.DRAFT)
    realised_on = models.DateField("prestation réalisée le", null=True, blank=True)
    signed_on = models.DateField("signé le", null=True, blank=True)
    signatory_name = models.CharField("signataire pour le Client", max_length=150, blank=True)
    signatory_role = models.CharField("qualité du signataire", max_length=150, blank=True)
    comment = models.TextField("observations", blank=True, max_length=2000)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    prepared_by = person()
    edited_at = models.DateTimeField("contenu modifié le", null=True)
    sent_at = models.DateTimeField("transmis le", null=True)
    sent_by = person()
    assigned_to = person("instruit par", blank=True)
    assigned_by = person("affecté par", blank=True)
    assigned_at = models.DateTimeField("affecté le", null=True)
    decided_at = models.DateTimeField("décidé le", null=True)
    second_agent = person("confirmation demandée à", blank=True)

    objects = PilotPVQuerySet.as_manager()

    class Meta:
        verbose_name = "PV d'installation pilote"
        verbose_name_plural = "PV d'installation pilote"
        ordering = ("-created_at", "-pk")
        constraints = (
            models.UniqueConstraint(
                fields=["pilot"],
                condition=~Q(state=PVState.ABANDONED),
                name="pv_one_alive",
                violation_error_message="Ce Client pilote a déjà un PV : corrigez-le.",
            ),
        )
        indexes = (models.Index(fields=["state", "sent_at"], name="pv_state_sent"),)

    def __str__(self) -> str:
        return f"PV d'installation pilote n° {self.pk}"

    @property
    def journal_label(self) -> str:
        return f"{self}, {self.pilot.prestation.client}"

    @property
    def organisation_id(self) -> int:
        """Its Fournisseur, who reads its journal besides the ANS."""
        return self.pilot.prestation.organisation_id


class PVMention(models.Model):
    """A mention of one PV, copied from the check-list of its day; `value` is what the PV says."""

    pv = models.ForeignKey(PilotPV, models.CASCADE, related_name="mentions")
    code = models.SlugField(max_length=40)
    label = models.CharField(max_length=300)
    source = models.CharField(max_length=300)
    position = models.PositiveSmallIntegerField(default=0)
    is_required = models.BooleanField(default=True)
    value = models.CharField(max_length=500, blank=True)

    objects = OfPV.as_manager()

    class Meta:
        verbose_name = "mention d'un PV"
        verbose_name_plural = "mentions des PV"
        ordering = ("position", "pk")
        constraints = (models.UniqueConstraint(fields=["pv", "code"], name="mention_unique"),)

    def __str__(self) -> str:
        return self.label


class PVFile(StoredFile):
    """A signed file as it came, every version; the last one is what is judged."""

    pv = models.ForeignKey(PilotPV, models.PROTECT, related_name="files")
    number = models.PositiveIntegerField("version")
    sent_at = models.DateTimeField("transmis pour la première fois le", null=True)
    signature = models.CharField(max_length=12, choices=SignatureState)
    signature_detail = models.JSONField(default=dict)

    objects = OfPV.as_manager()

    class Meta:
        verbose_name = "fichier signé d'un PV"
        verbose_name_plural = "fichiers signés des PV"
        ordering = ("-number", "-pk")
        constraints = (models.UniqueConstraint(fields=["pv", "number"], name="pv_file_unique"),)


class FileOpening(models.Model):
    """A person has had a signed file shown to them: nobody finds one conforme without that."""

    file = models.ForeignKey(PVFile, models.CASCADE, related_name="openings")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = "consultation d'un fichier signé"
        verbose_name_plural = "consultations des fichiers signés"
        constraints = (models.UniqueConstraint(fields=["file", "user"], name="opening_unique"),)

    def __str__(self) -> str:
        return f"{self.file} · {self.at:%d/%m/%Y}"


class PVDecision(models.Model):
    """A decision on the file that was judged, with its hash, and on the content of the PV then, as
    `rules.content` has it. `confirmed_at` is empty while it is pending: a «non conforme» may wait
    for a second agent, a «conforme» takes effect `EFFECT_AFTER` its decision. `withdrawn_at` is
    when it ceased to hold.
    """

    pv = models.ForeignKey(PilotPV, models.PROTECT, related_name="decisions")
    file = models.ForeignKey(PVFile, models.PROTECT, related_name="+")
    file_sha256 = models.CharField(max_length=64)
    outcome = models.CharField(max_length=12, choices=PVState)
    note = models.TextField("explication", blank=True)
    reasons = models.JSONField("motifs par mention", default=list)
    content = models.JSONField("contenu jugé", default=list)
    decided_by = person()
    decided_by_name = models.CharField(max_length=150)
    decided_at = models.DateTimeField(default=timezone.now)
    confirmed_by = person()
    confirmed_by_name = models.CharField(max_length=150, blank=True)
    confirmed_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawal = models.CharField(max_length=12, choices=Withdrawal, blank=True)

    objects = PVDecisionQuerySet.as_manager()

    class Meta:
        verbose_name = "décision sur un PV"
        verbose_name_plural = "décisions sur les PV"
        ordering = ("-decided_at", "-pk")

    def __str__(self) -> str:
        return self.get_outcome_display()

    @property
    def effective_at(self) -> dt.datetime:
        """When a «conforme» takes effect unless its author takes it back before."""
        return self.decided_at + EFFECT_AFTER


class ReviewDigest(models.Model):
    """The day for which the reviewers' digest was written: once, whatever was in it."""

    day = models.DateField("jour", unique=True)
    written_at = models.DateTimeField("écrit le")

    class Meta:
        verbose_name = "point du jour des instructeurs"
        verbose_name_plural = "points du jour des instructeurs"
        ordering = ("-day",)

    def __str__(self) -> str:
        return f"{self.day:%d/%m/%Y}"
