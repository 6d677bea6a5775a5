"""What is referenced, who may supply it, and where it is installed (DOMAIN §1 and §3)."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Upper
from django.utils import timezone

from accounts.enums import Kind
from accounts.models import Organisation
from calendar_app.enums import Market
from calendar_app.models.calendars import Dispositif
from calendar_app.querysets import PrestationQuerySet, SolutionQuerySet, SupplierQuerySet
from journal.models import Tracked
from segur.fields import IdentifierField, NameField
from segur.lib.search import plain
from segur.trigrams import TrigramIndex


class Solution(Tracked):
    """A RIS, or a couple DRIMbox / proxy: the couple is what is referenced."""

    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="solutions", verbose_name="éditeur"
    )
    dispositif = models.ForeignKey(Dispositif, models.PROTECT, related_name="solutions")
    name = NameField("nom", max_length=150)
    version = IdentifierField("version", max_length=50, blank=True)
    proxy_name = NameField("proxy", max_length=150, blank=True)
    proxy_version = IdentifierField("version du proxy", max_length=50, blank=True)
    market = models.CharField(
        "mise sur le marché", max_length=14, choices=Market, default=Market.UNKNOWN
    )
    referenced_on = models.DateField("référencée Vague 2 le", null=True, blank=True)
    reference_number = IdentifierField("numéro de référencement", max_length=60, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    search_text = models.CharField(max_length=500, blank=True, editable=False)

    objects = SolutionQuerySet.as_manager()
    tracked = (
        "name",
        "version",
        "proxy_name",
        "proxy_version",
        "market",
        "referenced_on",
        "reference_number",
    )

    class Meta:
        verbose_name = "solution logicielle"
        verbose_name_plural = "solutions logicielles"
        ordering = ("name", "pk")
        indexes = (TrigramIndex(fields=["search_text"], name="solution_search"),)
        constraints = (
            models.UniqueConstraint(
                fields=["organisation", "dispositif", "name", "version", "proxy_name"],
                name="solution_unique",
                violation_error_message="Cette solution est déjà enregistrée.",
            ),
        )

    def __str__(self) -> str:
        couple = f" / {self.proxy_name}" if self.proxy_name else ""
        return f"{self.name}{couple}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keeps `search_text` in step, as that of an organisation."""
        versions = (self.version, self.proxy_version, self.reference_number)
        self.search_text = plain(self.name, self.proxy_name, *versions)
        if (fields := kwargs.get("update_fields")) is not None:
            kwargs["update_fields"] = {*fields, "search_text"}
        super().save(*args, **kwargs)

    def clean(self) -> None:
        if self.dispositif_id and self.dispositif.needs_proxy and not self.proxy_name:
            couple = "Indiquez le proxy : c'est le couple DRIMbox / proxy qui est référencé."
            raise ValidationError({"proxy_name": couple})


class Supplier(Tracked):
    """A «Fournisseur»: an organisation that installs a solution and asks the ASP for the money.

    The éditeur of the solution needs no declaration and no mandate; a distributeur needs both.
    Validity dates are Paris days, both ends included.
    """

    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="supplies", verbose_name="Fournisseur"
    )
    solution = models.ForeignKey(Solution, models.PROTECT, related_name="suppliers")
    declared_on = models.DateField("déclaré à l'ANS par l'éditeur le", null=True, blank=True)
    mandate_from = models.DateField("mandat valable du", null=True, blank=True)
    mandate_until = models.DateField("mandat valable jusqu'au", null=True, blank=True)
    psc_from = models.DateField("habilitation EDC PSC valable du", null=True, blank=True)
    psc_until = models.DateField("habilitation EDC PSC valable jusqu'au", null=True, blank=True)
    psc_by_mandate = models.BooleanField(
        "le mandat permet d'utiliser l'habilitation EDC PSC de l'éditeur", default=False
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = SupplierQuerySet.as_manager()
    tracked = (
        "declared_on",
        "mandate_from",
        "mandate_until",
        "psc_from",
        "psc_until",
        "psc_by_mandate",
    )

    class Meta:
        verbose_name = "Fournisseur"
        ordering = ("organisation__name", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=["organisation", "solution"],
                name="supplier_unique",
                violation_error_message="Cette organisation est déjà Fournisseur de la solution.",
            ),
            models.CheckConstraint(
                condition=Q(mandate_until=None) | Q(mandate_until__gte=F("mandate_from")),
                name="supplier_mandate_dates",
                violation_error_message="Le mandat finit avant de commencer.",
            ),
            models.CheckConstraint(
                condition=Q(psc_until=None) | Q(psc_until__gte=F("psc_from")),
                name="supplier_psc_dates",
                violation_error_message="L'habilitation EDC PSC finit avant de commencer.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.organisation} pour {self.solution}"

    @property
    def is_editeur(self) -> bool:
        return self.organisation_id == self.solution.organisation_id


class Prestation(Tracked):
    """One Client × one dispositif × one Fournisseur: what is installed, proved and paid.

    `organisation` (the Fournisseur's) and `dispositif` repeat those of `supplier`, which never
    change, so that the database itself can refuse a second prestation of the same three.
    """

    supplier = models.ForeignKey(
        Supplier, models.PROTECT, related_name="prestations", verbose_name="Fournisseur"
    )
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="prestations")
    dispositif = models.ForeignKey(Dispositif, models.PROTECT, related_name="prestations")
    client = models.ForeignKey(
        Organisation,
        models.PROTECT,
        related_name="prestations_received",
        limit_choices_to={"kind": Kind.CLIENT},
        verbose_name="Client",
    )
    order_reference = IdentifierField("référence du bon de commande", max_length=60, blank=True)
    ordered_on = models.DateField("bon de commande signé le", null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = PrestationQuerySet.as_manager()
    tracked = ("client", "order_reference", "ordered_on")

    class Meta:
        verbose_name = "Prestation Ségur"
        verbose_name_plural = "Prestations Ségur"
        ordering = ("client__name", "pk")
        indexes = (models.Index(Upper("order_reference"), name="prestation_order"),)
        constraints = (
            models.UniqueConstraint(
                fields=["client", "dispositif", "organisation"],
                name="prestation_unique",
                violation_error_message=(
                    "Ce Fournisseur a déjà une prestation chez ce Client pour ce dispositif."
                ),
            ),
        )

    def __str__(self) -> str:
        return f"{self.client} · {self.supplier.solution}"
