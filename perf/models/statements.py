"""The «relevé PERF»: frozen with its rules, its outages and the version of the engine."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction

from django.db import models
from django.db.models import Q
from django.utils import timezone

from calendar_app.models import Prestation
from perf.querysets import StatementQuerySet
from segur.fields import IdentifierField, person
from segur.lib import paris


class Statement(models.Model):
    """`document` is the JSON text that was issued, byte for byte; every other column repeats it
    for the lists. Never edited: a later statement for the same period says which it replaces.
    """

    prestation = models.ForeignKey(Prestation, models.PROTECT, related_name="perf_statements")
    number = IdentifierField("numéro", max_length=30, unique=True)
    period_start = models.DateTimeField("du")
    period_end = models.DateTimeField("au")
    base = models.CharField("base de comptage", max_length=10)
    counted_us = models.BigIntegerField("D_f en microsecondes")
    perf = models.CharField("PERF", max_length=5)
    is_provisional = models.BooleanField("provisoire", default=False)
    document = models.TextField()
    sha256 = models.CharField("SHA-256", max_length=64)
    replaces = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="replaced_by"
    )
    reason = models.CharField("motif", max_length=500, blank=True)
    issued_at = models.DateTimeField("établi le", default=timezone.now)
    issued_by = person()
    issued_by_name = models.CharField(max_length=150)

    objects = StatementQuerySet.as_manager()

    class Meta:
        verbose_name = "relevé PERF"
        verbose_name_plural = "relevés PERF"
        ordering = ("-issued_at", "-pk")
        constraints = (
            models.UniqueConstraint(
                fields=["prestation", "period_start", "period_end"],
                condition=Q(replaces=None),
                name="statement_first_once",
                violation_error_message="Un relevé de cette période existe déjà : remplacez-le.",
            ),
        )

    def __str__(self) -> str:
        return self.number

    @property
    def first_day(self) -> dt.date:
        return paris.day(self.period_start)

    @property
    def last_day(self) -> dt.date:
        return paris.last_day(self.period_end)

    @property
    def score(self) -> Fraction:
        return Fraction(self.perf)

    @property
    def successor(self) -> Statement | None:
        """The statement that replaces this one."""
        return getattr(self, "replaced_by", None)
