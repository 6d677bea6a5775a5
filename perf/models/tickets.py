"""Support tickets and their guarantees: GTI and GTR run from the declaration (DOMAIN §4)."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Upper
from django.utils import timezone

from journal.models import Tracked
from perf.models.outages import Service
from perf.querysets import TicketQuerySet
from segur.fields import IdentifierField, person


class Ticket(Tracked):
    """A support ticket; met or missed is derived, never stored.

    The instants of `guarantees.Due` repeat what the declaration and the rules of its day give, for
    lists and warnings to ask the table. `rules_known` is how many lines the rules had when they
    were computed: with more, they are computed again (`services.tickets.follow_rules`).
    """

    service = models.ForeignKey(Service, models.PROTECT, related_name="tickets")
    reference = IdentifierField("référence", max_length=80)
    subject = models.CharField("objet", max_length=200)
    opened_at = models.DateTimeField("déclaré le")
    responded_at = models.DateTimeField("pris en charge le", null=True, blank=True)
    restored_at = models.DateTimeField("rétabli le", null=True, blank=True)
    gti_due_at = models.DateTimeField("GTI due le")
    gtr_due_at = models.DateTimeField("GTR due le")
    gti_until = models.DateTimeField()
    gtr_until = models.DateTimeField()
    gti_warn_at = models.DateTimeField()
    gtr_warn_at = models.DateTimeField()
    rules_known = models.PositiveIntegerField(default=0)
    gti_warned_at = models.DateTimeField(null=True, blank=True)
    gtr_warned_at = models.DateTimeField(null=True, blank=True)
    recorded_by = person(blank=True)
    recorded_by_name = models.CharField(max_length=150)
    recorded_at = models.DateTimeField(default=timezone.now)

    objects = TicketQuerySet.as_manager()
    tracked = (
        "reference",
        "subject",
        "opened_at",
        "responded_at",
        "restored_at",
        "gti_due_at",
        "gtr_due_at",
    )

    class Meta:
        verbose_name = "ticket de support"
        verbose_name_plural = "tickets de support"
        ordering = ("-opened_at", "-pk")
        indexes = (models.Index(Upper("reference"), name="ticket_reference"),)
        constraints = (
            models.UniqueConstraint(
                fields=["service", "reference"],
                name="ticket_unique",
                violation_error_message="Ce service a déjà un ticket de cette référence.",
            ),
            models.CheckConstraint(
                condition=(Q(responded_at=None) | Q(responded_at__gte=F("opened_at")))
                & (Q(restored_at=None) | Q(restored_at__gte=F("opened_at"))),
                name="ticket_dates_in_order",
                violation_error_message="Un ticket n'est ni pris en charge ni rétabli avant sa "
                "déclaration.",
            ),
            models.CheckConstraint(
                condition=Q(restored_at=None) | Q(responded_at__isnull=False),
                name="ticket_closed_needs_response",
                violation_error_message="Un ticket ne se clôt pas sans sa prise en charge.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.reference} · {self.subject}"

    @property
    def organisation_id(self) -> int:
        """Its Fournisseur, who reads its journal besides the ANS."""
        return self.service.organisation_id
