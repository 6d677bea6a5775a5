"""Préfigurateurs: who tries DRIMbox early, outside the regulation (DOMAIN §8)."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models import Organisation
from calendar_app.models import Deadline, Solution
from journal.models import Tracked
from pilots.enums import PrefigurateurKind, Stage
from pilots.querysets import ContactQuerySet, PrefigurateurQuerySet
from segur.fields import AddressField, IdentifierField, NameField, person
from segur.lib.search import plain

__all__ = ["Contact", "Prefigurateur"]


class Prefigurateur(Tracked):
    """An établissement or a group. `client` where the directory has it; its éditeur is that of the
    DRIMbox `solution`. `contact_request` is the deadline by which a contact was asked for.
    """

    kind = models.CharField("nature", max_length=14, choices=PrefigurateurKind)
    name = NameField("nom", max_length=200)
    city = models.CharField("commune", max_length=100, blank=True)
    client = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="prefigurations"
    )
    solution = models.ForeignKey(
        Solution, models.PROTECT, related_name="prefigurateurs", verbose_name="couple DRIMbox"
    )
    stage = models.CharField("étape", max_length=10, choices=Stage, default=Stage.WORKING_LIST)
    contact_request = models.OneToOneField(
        Deadline, models.SET_NULL, null=True, blank=True, related_name="prefigurateur"
    )
    interview_at = models.DateTimeField("entretien le", null=True, blank=True)
    interview_version = models.PositiveIntegerField(default=0)
    interview_by = person("entretien organisé par", blank=True)
    attendees = models.ManyToManyField(
        settings.AUTH_USER_MODEL,
        blank=True,
        related_name="+",
        verbose_name="participants de l'éditeur",
    )
    interview_place = models.CharField("lieu ou lien", max_length=200, blank=True)
    explained_expectations = models.BooleanField("attendus techniques présentés", default=False)
    explained_calendar = models.BooleanField("calendrier présenté", default=False)
    is_understood = models.BooleanField("bonne compréhension vérifiée", default=False)
    editeur_attended = models.BooleanField("éditeur présent", default=False)
    notes = models.TextField("notes d'entretien", blank=True, max_length=4000)
    agreed_at = models.DateTimeField("validé avec l'éditeur le", null=True, blank=True)
    agreed_by_name = models.CharField(max_length=150, blank=True)
    published_at = models.DateTimeField("publié le", null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    search_text = models.CharField(max_length=400, blank=True, editable=False)

    objects = PrefigurateurQuerySet.as_manager()
    tracked = ("kind", "name", "city", "solution")

    class Meta:
        verbose_name = "préfigurateur"
        ordering = ("name", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=["name", "solution"],
                name="prefigurateur_unique",
                violation_error_message="Ce préfigurateur est déjà inscrit pour cette solution.",
            ),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def organisation_id(self) -> int:
        """Its éditeur, who reads its journal besides the ANS."""
        return self.solution.organisation_id

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keeps `search_text` in step, as that of an organisation."""
        finess = self.client.finess if self.client else ""
        self.search_text = plain(self.name, self.city, finess)
        super().save(*args, **kwargs)


class Contact(models.Model):
    """The technical contact: personal data, kept for a purpose until `delete_on`, then erased. The
    row stays, without the person: the trace that it was. No history of its own, which would keep
    what is erased.
    """

    prefigurateur = models.ForeignKey(Prefigurateur, models.CASCADE, related_name="contacts")
    full_name = models.CharField("nom", max_length=150, blank=True)
    email = AddressField("adresse électronique", blank=True)
    phone = IdentifierField("téléphone", max_length=30, blank=True)
    job = models.CharField("fonction", max_length=150, blank=True)
    purpose = models.CharField("finalité", max_length=300)
    source = models.CharField("source", max_length=300)
    delete_on = models.DateField("à effacer le")
    given_by_name = models.CharField(max_length=150)
    given_at = models.DateTimeField(default=timezone.now)
    erased_at = models.DateTimeField("effacé le", null=True)
    erased_why = models.CharField(max_length=200, blank=True)

    objects = ContactQuerySet.as_manager()

    class Meta:
        verbose_name = "contact technique"
        verbose_name_plural = "contacts techniques"
        ordering = ("-given_at", "-pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(erased_at=None) | Q(full_name="", email="", phone="", job=""),
                name="contact_erased_is_empty",
            ),
        )

    def __str__(self) -> str:
        return self.full_name or "contact effacé"

    def is_kept_on(self, day: dt.date) -> bool:
        return self.erased_at is None and self.delete_on > day
