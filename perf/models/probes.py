"""What the supervision's webhook sent, kept as it came."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from accounts.models import ApiToken
from perf.models.outages import Service
from segur.fields import IdentifierField


class ProbeEvent(models.Model):
    """One delivery of the webhook. `key` names its content: a replay finds it there and does
    nothing. `service` is None when no service has that probe.
    """

    key = models.CharField(max_length=64, unique=True)
    incident = IdentifierField(max_length=60, db_index=True)
    probe_id = IdentifierField(max_length=60)
    kind = models.CharField(max_length=40)
    service = models.ForeignKey(
        Service, models.SET_NULL, null=True, blank=True, related_name="probe_events"
    )
    payload = models.JSONField()
    received_key = models.ForeignKey(ApiToken, models.SET_NULL, null=True, related_name="+")
    outcome = models.CharField(max_length=300)
    received_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = "événement de la supervision"
        verbose_name_plural = "événements de la supervision"
        ordering = ("-received_at", "-pk")

    def __str__(self) -> str:
        return f"{self.incident} {self.kind}"
