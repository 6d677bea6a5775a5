"""Forms of prestations."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet

from calendar_app.forms.solutions import DispositifFilter
from calendar_app.models import Prestation, Supplier
from journal.forms import ReadingForm
from segur.fields import IdentifierFormField
from segur.filters import ListFilter
from segur.form_fields import DayField


class SupplierChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    """The solutions that one organisation supplies, by their own name."""

    def label_from_instance(self, obj: Supplier) -> str:
        return f"{obj.solution} ({obj.solution.dispositif})"


class OrderForm(forms.Form):
    order_reference = IdentifierFormField(
        label="Référence du bon de commande",
        max_length=60,
        required=False,
        help_text="Le numéro que porte le BDC signé par le Client.",
    )
    ordered_on = DayField(label="Bon de commande signé le", required=False)


class OrderEditForm(ReadingForm, OrderForm):
    @classmethod
    def of(cls, prestation: Prestation, data: Any = None) -> OrderEditForm:
        return cls(data, initial=cls.initial_of(prestation))


class OfSupplierForm(forms.Form):
    """Asks for the solution installed, of one organisation; filled in where it has one alone."""

    where = "chez ce Client"
    supplier = SupplierChoice(
        label="Solution installée",
        queryset=Supplier.objects.none(),
        empty_label=None,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": "Choisissez l'une de vos solutions."},
    )

    def __init__(self, data: Any = None, *, suppliers: QuerySet[Supplier]) -> None:
        super().__init__(data)
        field: Any = self.fields["supplier"]
        field.queryset = suppliers
        field.error_messages["required"] = f"Choisissez la solution installée {self.where}."
        if len(suppliers) == 1:
            self.initial["supplier"] = suppliers[0]


class PrestationForm(OfSupplierForm, OrderForm):
    field_order = ("supplier", "order_reference", "ordered_on")


class ClientSearchForm(ListFilter):
    q = IdentifierFormField(
        label="Nom du Client ou numéro FINESS",
        required=False,
        widget=forms.TextInput(attrs={"type": "search"}),
    )


class PrestationFilter(DispositifFilter):
    everybody = "Tous les Fournisseurs"

    q = IdentifierFormField(label="Client, FINESS ou BDC", required=False)
    organisation = forms.ChoiceField(label="Fournisseur", required=False)
    fourniture = forms.CharField(required=False, max_length=9, widget=forms.HiddenInput)


class OrdersForm(OfSupplierForm):
    """Prestations in number: one solution, one line per Client."""

    where = "chez ces Clients"
    lines = forms.CharField(
        label="Lignes",
        max_length=200_000,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 12, "spellcheck": "false"}),
        help_text=(
            "Une ligne par Client, copiée du tableur : FINESS ; référence du BDC ; jour et heure "
            "du dépôt de l'avance s'il est passé ; numéro de l'accusé. Seul le FINESS est "
            "obligatoire. Un dépôt repris de cette façon porte la mention « sans preuve ». "
            "Exemple : 750712184;BDC-2026-014;05/11/2026 17:42;ASP-88120"
        ),
        error_messages={"required": "Collez au moins une ligne : FINESS;référence du BDC."},
    )
