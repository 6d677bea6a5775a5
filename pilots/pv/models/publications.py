"""«Premières installations réussies»: what the ANS publishes of a solution (DOMAIN §5)."""

from __future__ import annotations

import datetime as dt

from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models import Organisation
from calendar_app.models import Solution
from pilots.enums import PublicationState
from pilots.querysets import PublicationQuerySet
from segur.fields import person


class Publication(models.Model):
    """Proposed by the third conforme PV, published or withdrawn by an ANS responsable. A withdrawal
    stays visible with its reason; one that was never published stays unseen. What was withdrawn by
    mistake is proposed again in a row of its own, with who did and why; `follows` is the one that
    the public had read before. `organisation` is the
    Fournisseur, None where the gate counts per solution. The names are those of the day it was
    published: what is renamed later changes nothing that was published.
    """

    solution = models.ForeignKey(Solution, models.PROTECT, related_name="publications")
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="publications"
    )
    solution_name = models.CharField("solution", max_length=310, blank=True)
    solution_version = models.CharField("version", max_length=50, blank=True)
    editeur_name = models.CharField("éditeur", max_length=200, blank=True)
    supplier_name = models.CharField("Fournisseur", max_length=200, blank=True)
    state = models.CharField(
        max_length=10, choices=PublicationState, default=PublicationState.PROPOSED
    )
    proposed_at = models.DateTimeField("proposée le", default=timezone.now)
    proposed_by = person()
    proposed_by_name = models.CharField(max_length=150, blank=True)
    proposed_reason = models.CharField("motif de la reprise", max_length=500, blank=True)
    follows = models.ForeignKey("self", models.PROTECT, null=True, related_name="followers")
    published_at = models.DateTimeField("publiée le", null=True)
    published_by = person()
    published_by_name = models.CharField(max_length=150, blank=True)
    withdrawn_at = models.DateTimeField("retirée le", null=True)
    withdrawn_by = person()
    withdrawn_by_name = models.CharField(max_length=150, blank=True)
    withdrawn_reason = models.CharField("motif du retrait", max_length=500, blank=True)

    objects = PublicationQuerySet.as_manager()

    class Meta:
        verbose_name = "publication"
        ordering = ("-published_at", "-pk")
        constraints = (
            models.UniqueConstraint(
                fields=["solution", "organisation"],
                condition=~Q(state=PublicationState.WITHDRAWN),
                name="publication_unique",
            ),
            models.UniqueConstraint(
                fields=["solution"],
                condition=~Q(state=PublicationState.WITHDRAWN) & Q(organisation=None),
                name="publication_of_solution_unique",
            ),
        )

    def __str__(self) -> str:
        return f"Premières installations réussies : {self.solution_name or self.solution}"

    @property
    def gate(self) -> tuple[int, int | None]:
        """The key of `selectors.gate`."""
        return self.solution_id, self.organisation_id

    @property
    def last_read(self) -> Publication | None:
        """The last that the public has read, this one or the one it follows."""
        return self if self.published_at else self.follows

    @property
    def changed_at(self) -> dt.datetime | None:
        """When what the public reads last changed; None before it reads anything."""
        return self.withdrawn_at or self.published_at
