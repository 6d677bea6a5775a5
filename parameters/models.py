from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone

from parameters.querysets import ParameterQuerySet
from parameters.rules.registry import REGISTRY


class RegulatoryParameter(models.Model):
    """A value that the slides do not give (DOMAIN §9). Never edited: of those that are not retired
    the newest in effect holds. A retired value stays in the history, with the reason.

    `key` is one of `parameters.rules.registry.REGISTRY`, which has the default and its source.
    """

    key = models.CharField(max_length=60)
    value = models.JSONField("valeur")
    effective_from = models.DateTimeField("date d'effet")
    source = models.CharField("source", max_length=300)
    is_confirmed = models.BooleanField("confirmé par un texte", default=False)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True)
    author_name = models.CharField("auteur", max_length=150)
    created_at = models.DateTimeField(default=timezone.now)
    retired_at = models.DateTimeField("retirée le", null=True)
    retired_by_name = models.CharField(max_length=150, blank=True)
    retired_reason = models.CharField("motif du retrait", max_length=500, blank=True)

    objects = ParameterQuerySet.as_manager()

    class Meta:
        verbose_name = "paramètre réglementaire"
        verbose_name_plural = "paramètres réglementaires"
        ordering = ("key", "-effective_from", "-pk")
        indexes = (models.Index(fields=["key", "-effective_from"], name="parameter_in_effect"),)

    def __str__(self) -> str:
        return self.key

    @property
    def shown(self) -> str:
        known = REGISTRY.get(self.key)
        return known.shown(self.value) if known else str(self.value)
