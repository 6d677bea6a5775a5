"""Where an organisation's events are sent, and what happened to each."""

from __future__ import annotations

from typing import ClassVar
from urllib.parse import urlsplit

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from api.signatures import secret_of
from segur.fields import IdentifierField, person
from webhooks.enums import TEST, BodyFormat, DeliveryState, EventKind
from webhooks.querysets import DeliveryQuerySet, EndpointQuerySet


class Endpoint(models.Model):
    """An address that receives events. Its secret is not stored: it comes from `salt` and the
    secret key of the site.

    `cursor`: number of the last link of the journal that was looked at. `failing_since`: the first
    failure after the last success. `disabled_at` ends it, by a person or after three days of
    failures, until a person enables it.
    """

    organisation = models.ForeignKey(
        "accounts.Organisation", models.CASCADE, related_name="webhooks"
    )
    name = IdentifierField("nom", max_length=100)
    url = models.CharField("adresse", max_length=500)
    format = models.CharField(max_length=10, choices=BodyFormat)
    kinds = models.JSONField("événements", default=list)
    salt = models.CharField(max_length=32)
    cursor = models.BigIntegerField(default=0)
    created_by = person()
    created_at = models.DateTimeField("créé le", default=timezone.now)
    failing_since = models.DateTimeField(null=True, blank=True)
    disabled_at = models.DateTimeField("désactivé le", null=True, blank=True)

    objects = EndpointQuerySet.as_manager()

    class Meta:
        verbose_name = "webhook"
        ordering = ("name", "pk")
        constraints: ClassVar = (
            models.UniqueConstraint(
                fields=["organisation", "name"],
                name="webhook_name_unique",
                violation_error_message="Un webhook porte déjà ce nom.",
            ),
        )

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("webhooks:detail", args=[self.pk])

    @property
    def host(self) -> str:
        """All that is shown of the address: the rest opens a channel of Teams or Slack."""
        return urlsplit(self.url).hostname or ""

    @property
    def kind_labels(self) -> list[str]:
        return [kind.label for kind in EventKind if kind in self.kinds]

    @property
    def is_enabled(self) -> bool:
        return self.disabled_at is None

    def secret(self, key: str | bytes = "") -> str:
        return secret_of(f"webhook:{self.salt}", key)


class Delivery(models.Model):
    """One event for one address: this row is the truth, whatever happens to a task.

    `entry_id`: that of the journal, None for a trial. `payload` is fixed when the row is written,
    so that each attempt sends the same. `next_at` is also the lease of the attempt under way.
    """

    endpoint = models.ForeignKey(Endpoint, models.CASCADE, related_name="deliveries")
    entry_id = models.BigIntegerField(null=True)
    event = models.CharField("événement", max_length=60)
    payload = models.JSONField()
    state = models.CharField(max_length=12, choices=DeliveryState, default=DeliveryState.WAITING)
    tries = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField(default=timezone.now)
    last_status = models.PositiveSmallIntegerField(null=True)
    error = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    last_try_at = models.DateTimeField(null=True)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        verbose_name = "envoi d'un webhook"
        verbose_name_plural = "envois de webhooks"
        ordering = ("-created_at", "-pk")
        constraints: ClassVar = (
            models.UniqueConstraint(fields=["endpoint", "entry_id"], name="webhook_entry_once"),
        )
        indexes: ClassVar = (
            models.Index(
                fields=["next_at"],
                condition=Q(state=DeliveryState.WAITING),
                name="webhook_to_send",
            ),
            models.Index(fields=["created_at"], name="webhook_delivery_at"),
        )

    def __str__(self) -> str:
        return f"{self.event} → {self.endpoint_id}"

    @property
    def message_id(self) -> str:
        """The same at each attempt: a receiver that knows it has it already."""
        return f"msg_{self.pk}"

    @property
    def is_trial(self) -> bool:
        return self.event == TEST

    @property
    def title(self) -> str:
        return str(self.payload["data"]["title"])

    @property
    def is_over(self) -> bool:
        return self.state != DeliveryState.WAITING
