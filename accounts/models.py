"""People, organisations, and what a person may do in each."""

from __future__ import annotations

import datetime as dt
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property

from accounts.enums import (
    ANS_ROLES,
    ROLES_OF_KIND,
    SUPPLIER_KINDS,
    InvitationState,
    Kind,
    ResetState,
    Role,
    Theme,
)
from accounts.querysets import (
    ApiTokenQuerySet,
    FactorResetQuerySet,
    InvitationQuerySet,
    MembershipQuerySet,
    OrganisationQuerySet,
)
from accounts.rules.numbers import validate_finess, validate_siren, validate_siret
from api.enums import Scope
from segur.fields import AddressField, IdentifierField, NameField, OfficialNumberField
from segur.lib.search import plain
from segur.lib.texts import folded_address
from segur.trigrams import TrigramIndex


class UserManager(BaseUserManager["User"]):
    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email__iexact=username)

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        user = self.model(email=folded_address(email), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> User:
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)


class User(AbstractBaseUser, PermissionsMixin):
    """A person, known by e-mail address. `is_staff` opens Django's admin and nothing else."""

    email = AddressField("adresse électronique", max_length=254)
    full_name = models.CharField("prénom et nom", max_length=150)
    theme = models.CharField("apparence", max_length=6, choices=Theme, default=Theme.AUTO)
    is_active = models.BooleanField("actif", default=True)
    is_staff = models.BooleanField("équipe technique", default=False)
    date_joined = models.DateTimeField("inscription", default=timezone.now)

    objects: ClassVar[UserManager] = UserManager()

    is_looked_through = False
    """Set while a responsable of the ANS reads the site as this person (ADR 0035): what is between
    the members of an organisation, drafts above all, is then not shown."""

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["full_name"]

    class Meta:
        verbose_name = "personne"
        ordering = ("full_name", "email", "pk")
        constraints = (
            models.UniqueConstraint(
                Lower("email"),
                name="user_email_unique",
                violation_error_message="Cette adresse électronique a déjà un compte.",
            ),
        )

    def __str__(self) -> str:
        return self.full_name or self.email

    def get_full_name(self) -> str:
        return self.full_name

    def get_short_name(self) -> str:
        return self.full_name.split(" ")[0]

    @cached_property
    def roles(self) -> dict[int, Role]:
        """Organisation id → role, read once for each loaded user."""
        rows = self.memberships.filter(organisation__is_active=True)
        return {org: Role(role) for org, role in rows.values_list("organisation_id", "role")}

    @property
    def is_ans(self) -> bool:
        return any(role in ANS_ROLES for role in self.roles.values())

    @property
    def is_only_ans(self) -> bool:
        return self.is_ans and all(role in ANS_ROLES for role in self.roles.values())

    @property
    def is_responsable(self) -> bool:
        """At the ANS: amends calendars and parameters, publishes, manages organisations."""
        return Role.RESPONSABLE in self.roles.values()


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
        self.search_text = plain(self.name, self.city, self.finess, self.siren, self.siret)
        if (fields := kwargs.get("update_fields")) is not None:
            kwargs["update_fields"] = {*fields, "search_text"}
        super().save(*args, **kwargs)

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
        """What became of it; at `expires_at` exactly it has expired."""
        if self.accepted_at:
            return InvitationState.ACCEPTED
        if self.revoked_at or not self.organisation.is_active:
            return InvitationState.REVOKED
        return InvitationState.EXPIRED if now >= self.expires_at else InvitationState.PENDING

    def is_for(self, user: User) -> bool:
        return self.email.lower() == user.email.lower()


class ApiToken(models.Model):
    """A key with which an organisation's software calls the API. Only its digest is kept.

    `held_by` answers for what it does and lends it their role in the organisation; `scopes` narrow
    it (`api.enums.Scope`). `signs`: what it sends to a webhook is refused without a signature.
    """

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="api_tokens")
    name = IdentifierField("nom", max_length=100)
    start = models.CharField("début de la clé", max_length=12)
    token_sha256 = models.CharField(max_length=64, unique=True)
    created_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    created_by_name = models.CharField(max_length=150)
    created_at = models.DateTimeField("créée le", default=timezone.now, editable=False)
    held_by = models.ForeignKey(
        User, models.SET_NULL, null=True, related_name="held_keys", verbose_name="répondant"
    )
    scopes = models.JSONField("portées", default=list)
    ends_on = models.DateField("dernier jour")
    signs = models.BooleanField("envois signés", default=False)
    last_used_at = models.DateTimeField("dernier usage", null=True)
    last_used_from = models.GenericIPAddressField("adresse du dernier usage", null=True)
    revoked_at = models.DateTimeField("retirée le", null=True)
    revoked_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")

    objects = ApiTokenQuerySet.as_manager()

    class Meta:
        verbose_name = "clé d'API"
        verbose_name_plural = "clés d'API"
        ordering = ("-created_at", "-pk")

    def __str__(self) -> str:
        return self.name

    @property
    def scope_labels(self) -> list[str]:
        return [scope.label for scope in Scope if scope in self.scopes]

    def has_ended(self, today: dt.date) -> bool:
        return self.ends_on < today


class FormerPassword(models.Model):
    """The hash of a password that a person has had, the present one included."""

    user = models.ForeignKey(User, models.CASCADE, related_name="former_passwords")
    hash = models.CharField(max_length=128)

    class Meta:
        verbose_name = "ancien mot de passe"

    def __str__(self) -> str:
        return f"Mot de passe n° {self.pk}"


class FactorReset(models.Model):
    """The removal of a lost second factor, asked for by another and done after a delay."""

    user = models.ForeignKey(User, models.CASCADE, related_name="factor_resets")
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="+")
    state = models.CharField(max_length=10, choices=ResetState, default=ResetState.WAITING)
    asked_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    asked_at = models.DateTimeField("demandée le")
    due_at = models.DateTimeField("effet le")
    reason = models.CharField("motif", max_length=500)

    objects = FactorResetQuerySet.as_manager()

    class Meta:
        verbose_name = "réinitialisation d'un second facteur"
        ordering = ("-asked_at", "-pk")
        constraints = (
            models.UniqueConstraint(
                fields=["user"],
                condition=Q(state=ResetState.WAITING),
                name="factor_reset_one_waiting",
                violation_error_message="Une réinitialisation est déjà demandée.",
            ),
        )

    def __str__(self) -> str:
        return f"Double authentification de {self.user}"

    @property
    def journal_label(self) -> str:
        """Nobody can erase an entry: it names no person."""
        return f"Double authentification, compte n° {self.user_id}"
