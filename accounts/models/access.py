"""Keys of the API, former passwords, second factors to remove."""

from __future__ import annotations

import datetime as dt

from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.enums import KeyState, ResetState
from accounts.models.organisations import Organisation
from accounts.models.people import User
from accounts.querysets import ApiTokenQuerySet, FactorResetQuerySet
from api.enums import Scope
from segur.fields import IdentifierField
from segur.lib import paris


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

    def state(self, now: dt.datetime) -> KeyState:
        """Its last day ends at midnight in Paris."""
        if self.revoked_at:
            return KeyState.REVOKED
        return KeyState.ENDED if self.ends_on < paris.day(now) else KeyState.ACTIVE


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
