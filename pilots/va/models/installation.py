"""Connectors and portals of a prestation (DOMAIN §6 and §7)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone

from calendar_app.models import Prestation
from calendar_app.querysets import ScopedQuerySet
from documents.models import StoredFile
from pilots.enums import ConnectorKind, ConnectorState, PortalOutcome, PortalProof
from pilots.querysets import OfPrestation, seen_through
from segur.fields import NameField


class Connector(models.Model):
    """A half-connector of a prestation; a missing row is still to do. `on` is the day of its
    present state.
    """

    prestation = models.ForeignKey(Prestation, models.PROTECT, related_name="connectors")
    kind = models.CharField("demi-connecteur", max_length=10, choices=ConnectorKind)
    state = models.CharField(
        "état", max_length=10, choices=ConnectorState, default=ConnectorState.TO_DO
    )
    on = models.DateField("le", null=True, blank=True)
    note = models.CharField("remarque", max_length=500, blank=True)
    recorded_by_name = models.CharField(max_length=150)
    recorded_at = models.DateTimeField(default=timezone.now)

    objects = OfPrestation.as_manager()

    class Meta:
        verbose_name = "demi-connecteur"
        verbose_name_plural = "demi-connecteurs"
        ordering = ("prestation", "pk")
        constraints = (
            models.UniqueConstraint(fields=["prestation", "kind"], name="connector_unique"),
        )

    def __str__(self) -> str:
        return self.get_kind_display()


class OfConnector(ScopedQuerySet["ConnectorFile"]):
    seen_by = seen_through("connector__prestation")


class ConnectorFile(StoredFile):
    connector = models.ForeignKey(Connector, models.PROTECT, related_name="files")

    objects = OfConnector.as_manager()

    class Meta:
        verbose_name = "pièce d'un demi-connecteur"
        verbose_name_plural = "pièces des demi-connecteurs"
        ordering = ("pk",)


class Portal(models.Model):
    """An image-sharing portal of a DRIMbox Client: brought to the requirements, or ended."""

    prestation = models.ForeignKey(Prestation, models.PROTECT, related_name="portals")
    name = NameField("nom du portail", max_length=150)
    informed_on = models.DateField("Client informé le", null=True, blank=True)
    outcome = models.CharField(
        "suite", max_length=16, choices=PortalOutcome, default=PortalOutcome.PENDING
    )
    done_on = models.DateField("depuis le", null=True, blank=True)
    note = models.CharField("remarque", max_length=500, blank=True)
    recorded_by_name = models.CharField(max_length=150)
    recorded_at = models.DateTimeField(default=timezone.now)

    objects = OfPrestation.as_manager()

    class Meta:
        verbose_name = "portail de diffusion"
        verbose_name_plural = "portails de diffusion"
        ordering = ("name", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=["prestation", "name"],
                name="portal_unique",
                violation_error_message="Ce portail est déjà inscrit.",
            ),
        )

    def __str__(self) -> str:
        return self.name


class OfPortal(ScopedQuerySet["PortalFile"]):
    seen_by = seen_through("portal__prestation")


class PortalFile(StoredFile):
    portal = models.ForeignKey(Portal, models.PROTECT, related_name="files")
    about = models.CharField(
        "ce qu'elle prouve", max_length=11, choices=PortalProof, default=PortalProof.OUTCOME
    )

    objects = OfPortal.as_manager()

    class Meta:
        verbose_name = "pièce d'un portail"
        verbose_name_plural = "pièces des portails"
        ordering = ("pk",)


class PortalAbsence(models.Model):
    """«Ce Client n'a aucun portail de partage d'images», stated on a day with its proof. Append-
    only: it holds until another one, or a portal, is inscribed (`ended_at`).
    """

    prestation = models.ForeignKey(Prestation, models.PROTECT, related_name="portal_absences")
    stated_on = models.DateField("constaté le")
    note = models.CharField("remarque", max_length=500, blank=True)
    recorded_by_name = models.CharField(max_length=150)
    recorded_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = OfPrestation.as_manager()

    class Meta:
        verbose_name = "absence de portail"
        verbose_name_plural = "absences de portail"
        ordering = ("-recorded_at", "-pk")
        constraints = (
            models.UniqueConstraint(
                fields=["prestation"],
                condition=Q(ended_at=None),
                name="portal_absence_unique",
                violation_error_message="L'absence de portail est déjà enregistrée.",
            ),
        )

    def __str__(self) -> str:
        return f"Aucun portail, constaté le {self.stated_on:%d/%m/%Y}"


class OfAbsence(ScopedQuerySet["PortalAbsenceFile"]):
    seen_by = seen_through("absence__prestation")


class PortalAbsenceFile(StoredFile):
    absence = models.ForeignKey(PortalAbsence, models.PROTECT, related_name="files")

    objects = OfAbsence.as_manager()

    class Meta:
        verbose_name = "pièce d'une absence de portail"
        verbose_name_plural = "pièces des absences de portail"
        ordering = ("pk",)


class CoupleCheck(models.Model):
    """What had to be looked at again when a couple DRIMbox / proxy changed, and was. `change` is
    the entry of the journal that changed it.
    """

    solution = models.ForeignKey(
        "calendar_app.Solution", models.CASCADE, related_name="couple_checks"
    )
    change = models.PositiveBigIntegerField()
    subject = models.CharField(max_length=120)
    note = models.CharField(max_length=500, blank=True)
    checked_by_name = models.CharField(max_length=150)
    checked_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = "point revu d'un couple"
        verbose_name_plural = "points revus des couples"
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(
                fields=["solution", "change", "subject"], name="couple_check_unique"
            ),
        )

    def __str__(self) -> str:
        return self.subject
