"""Organisations, their members and those invited to join."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils import timezone

from accounts.enums import ROLES_OF_KIND, SUPPLIER_KINDS, InvitationState, Kind, Role
from accounts.models.people import User
from accounts.querysets import InvitationQuerySet, MembershipQuerySet, OrganisationQuerySet
from accounts.rules.numbers import validate_finess, validate_siren, validate_siret
from segur.fields import AddressField, NameField, OfficialNumberField
from segur.lib.search import plain
from segur.trigrams import TrigramIndex


class Organisation(models.Model):
    """An éditeur, a distributeur, a Client or the ANS (DOMAIN §1)."""

    kind = models.CharField("nature", max_length=12, choices=Kind)
    name = NameField("nom", max_length=200)
    siren = OfficialNumberField("SIREN", max_length=9, blank=True, validators=[validate_siren])
    siret = OfficialNumberField("SIRET", max_length=14, blank=True, validators=[validate_siret])
    finess = OfficialNumberField("FINESS", max_length=9, blank=True, validators=[validate_finess])
    city = models.CharField("commune", max_length=100, blank=True)
    is_active = models.BooleanField("active", default=True)
    created_at = models.DateTimeField("créée le", default=timezone.now, editable=False)
    search_text = models.CharField(max_length=400, blank=True, editable=False)
    merged_into = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        editable=False,
        related_name="merged",
        verbose_name="réunie à",
    )

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        verbose_name = "organisation"
        ordering = ("name", "pk")
        indexes = (TrigramIndex(fields=["search_text"], name="organisation_search"),)
        constraints = (
            models.UniqueConstraint(
                fields=["kind", "siren"],
                condition=~Q(siren="") & ~Q(kind=Kind.CLIENT),
                name="organisation_siren_unique",
                violation_error_message="Une organisation de cette nature porte déjà ce SIREN.",
            ),
            models.UniqueConstraint(
                fields=["finess"],
                condition=~Q(finess=""),
                name="organisation_finess_unique",
                violation_error_message="Un Client porte déjà ce numéro FINESS.",
            ),
            models.CheckConstraint(
                condition=~Q(kind=Kind.CLIENT) | ~Q(finess=""),
                name="organisation_client_has_finess",
                violation_error_message="Un Client est identifié par son numéro FINESS.",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=[Kind.CLIENT, Kind.ANS]) | ~Q(siren=""),
                name="organisation_supplier_has_siren",
                violation_error_message="Un éditeur ou un distributeur a un numéro SIREN.",
            ),
        )

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keeps `search_text` in step; a bulk write has to set it itself, or is not found."""
        self.set_search_text()
        if (fields := kwargs.get("update_fields")) is not None:
            kwargs["update_fields"] = {*fields, "search_text"}
        super().save(*args, **kwargs)

    def set_search_text(self) -> None:
        self.search_text = plain(self.name, self.city, self.finess, self.siren, self.siret)

    def get_absolute_url(self) -> str:
        is_client = self.kind == Kind.CLIENT
        name = "accounts:client_detail" if is_client else "accounts:organisation_detail"
        return reverse(name, args=[self.pk])

    def merged_keys(self) -> list[int]:
        """The Clients merged into this one, whose lines its history has."""
        return list(self.merged.values_list("pk", flat=True))

    @property
    def roles(self) -> tuple[Role, ...]:
        return ROLES_OF_KIND[Kind(self.kind)]

    def clean(self) -> None:
        if self.kind == Kind.CLIENT and not self.finess:
            raise ValidationError({"finess": "Un Client est identifié par son numéro FINESS."})
        if self.kind in SUPPLIER_KINDS and not self.siren:
            raise ValidationError(
                {"siren": "Un éditeur ou un distributeur est identifié par son numéro SIREN."}
            )
        if self.siret and self.siren and not self.siret.startswith(self.siren):
            raise ValidationError(
                {"siret": "Ce SIRET commence par un autre SIREN : relisez les deux."}
            )


class Membership(models.Model):
    user = models.ForeignKey(User, models.CASCADE, related_name="memberships")
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="memberships")
    role = models.CharField("rôle", max_length=12, choices=Role)
    created_at = models.DateTimeField("depuis", default=timezone.now, editable=False)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = "appartenance"
        ordering = ("user__full_name", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=["user", "organisation"],
                name="membership_unique",
                violation_error_message="Cette personne est déjà membre de l'organisation.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.user}, {self.get_role_display()} de {self.organisation}"

    def clean(self) -> None:
        if self.role not in self.organisation.roles:
            raise ValidationError({"role": f"« {self.organisation} » ne donne pas ce rôle."})


class Invitation(models.Model):
    """An invitation to join. Only the digest of its token is kept; sending again renews both."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="invitations")
    email = AddressField("adresse électronique")
    role = models.CharField("rôle", max_length=12, choices=Role)
    token_sha256 = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    sent_at = models.DateTimeField("envoyée le")
    expires_at = models.DateTimeField("expire le")
    accepted_at = models.DateTimeField("acceptée le", null=True)
    accepted_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    revoked_at = models.DateTimeField("retirée le", null=True)
    revoked_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = "invitation"
        ordering = ("-sent_at", "-pk")
        constraints = (
            models.UniqueConstraint(
                Lower("email"),
                "organisation",
                condition=Q(accepted_at=None, revoked_at=None),
                name="invitation_pending_unique",
                violation_error_message="Cette personne est déjà invitée : renvoyez l'invitation.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.email} → {self.organisation}"

    def state(self, now: dt.datetime) -> InvitationState:
        """Its state; at `expires_at` exactly it has expired."""
        if self.accepted_at:
            return InvitationState.ACCEPTED
        if self.revoked_at or not self.organisation.is_active:
            return InvitationState.REVOKED
        return InvitationState.EXPIRED if now >= self.expires_at else InvitationState.PENDING

    @property
    def journal_label(self) -> str:
        """Nobody can erase an entry: it does not name the address."""
        return str(self.organisation)

    def is_for(self, user: User) -> bool:
        return self.email.lower() == user.email.lower()
