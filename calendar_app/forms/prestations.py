"""Forms of prestations."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet

from accounts.enums import Kind
from accounts.forms.organisations import ClientForm
from accounts.rules.numbers import FINESS
from calendar_app.forms.solutions import DispositifFilter
from calendar_app.models import Prestation, Supplier
from calendar_app.services.orders import UNCONFIRMED
from documents.reading.records import MAX_BYTES
from journal.forms import ReadingForm
from segur.fields import IdentifierFormField
from segur.filters import ListFilter
from segur.form_fields import DayField, offer
from segur.lib.texts import compact


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


class PrestationForm(OrderForm):
    """Asks for the solution installed, of one organisation; filled in where it has one alone."""

    supplier = SupplierChoice(
        label="Solution installée",
        queryset=Supplier.objects.none(),
        empty_label=None,
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choisissez la solution installée chez ce Client.",
            "invalid_choice": "Choisissez l'une de vos solutions.",
        },
    )
    field_order = ("supplier", "order_reference", "ordered_on")

    def __init__(self, data: Any = None, *, suppliers: QuerySet[Supplier]) -> None:
        super().__init__(data)
        self.choose_among(suppliers)

    def choose_among(self, suppliers: QuerySet[Supplier]) -> None:
        offer(self, "supplier", suppliers)
        if len(suppliers) == 1:
            self.initial["supplier"] = suppliers[0]


class NewClientForm(ClientForm, PrestationForm):
    """The Client that the directory lacks, with its prestation."""

    field_order: Any = (
        "supplier",
        "name",
        "finess",
        "city",
        "siren",
        "siret",
        "order_reference",
        "ordered_on",
    )

    def __init__(self, data: Any = None, *, suppliers: QuerySet[Supplier], typed: str = "") -> None:
        """`typed`: what was looked for in the directory, a FINESS or a name."""
        forms.Form.__init__(self, data)
        self.kind = Kind.CLIENT
        self.fields["siren"].required = False
        self.choose_among(suppliers)
        compacted = compact(typed)
        is_number = bool(FINESS.fullmatch(compacted))
        self.initial["finess" if is_number else "name"] = compacted if is_number else typed

    def values(self) -> dict[str, Any]:
        data = self.cleaned_data
        order = ("supplier", "order_reference", "ordered_on")
        client = {name: data[name] for name in data if name not in order}
        return {**{name: data[name] for name in order}, "client": client}


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


DIRECTORY = "annuaire"
"""Instead of a solution: the Clients join the directory, without prestation."""
ONE_OF_TWO = "Choisissez un fichier, ou collez des lignes : l'un des deux."
DISTINCT = (
    "J'ai vérifié : ce Client n'est aucun de ceux qui portent le même nom",
    "J'ai vérifié : ces {} Clients ne sont aucun de ceux qui portent le même nom",
)


class OrdersForm(forms.Form):
    """Clients and prestations in number: one solution, one line per Client."""

    supplier = forms.ChoiceField(
        label="Solution installée",
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choisissez la solution installée chez ces Clients.",
            "invalid_choice": "Choisissez l'une de vos solutions.",
        },
    )
    file = forms.FileField(
        label="Fichier CSV ou XLSX",
        required=False,
        help_text=(
            "Le modèle rempli, votre tableur, ou un extrait de l'annuaire FINESS. 5 Mo et 20 000 "
            "lignes au plus."
        ),
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,text/csv,.xlsx"}),
    )
    lines = forms.CharField(
        label="Lignes collées",
        max_length=200_000,
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false"}),
        help_text=(
            "Copiées du tableur, titres compris. Sans titres, les colonnes sont : FINESS ; "
            "référence du BDC ; jour et heure du dépôt de l'avance ; numéro de l'accusé. Exemple : "
            "999000184;BDC-2026-014;05/11/2026 17:42;ASP-88120"
        ),
    )

    def __init__(
        self, data: Any = None, files: Any = None, *, suppliers: QuerySet[Supplier]
    ) -> None:
        super().__init__(data, files)
        self.suppliers = {str(one.pk): one for one in suppliers}
        offered = [
            (key, f"{one.solution} ({one.solution.dispositif})")
            for key, one in self.suppliers.items()
        ]
        offered.append((DIRECTORY, "Aucune : ajouter seulement ces Clients à l'annuaire"))
        offer(self, "supplier", offered)
        self.initial["supplier"] = offered[0][0] if len(offered) < 3 else None  # noqa: PLR2004

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        is_read = {"lines", "file"}.isdisjoint(self.errors)
        if is_read and bool(data["lines"].strip()) == bool(data["file"]):
            self.add_error("file", ONE_OF_TWO)
        return data

    @property
    def chosen(self) -> Supplier | None:
        """None for the directory alone."""
        return self.suppliers.get(self.cleaned_data["supplier"])

    def content(self) -> tuple[str, bytes]:
        """The name and the bytes of the list."""
        upload = self.cleaned_data["file"]
        if upload is None:
            return "Lignes collées", self.cleaned_data["lines"].replace("\t", ";").encode()
        return upload.name or "liste", upload.read(MAX_BYTES + 1)


class OrdersCheckForm(forms.Form):
    """The word of the person on the list that they have seen, named by its digest, and on what it
    would do, by its stamp."""

    sha256 = forms.CharField(widget=forms.HiddenInput, max_length=64)
    seen = forms.CharField(widget=forms.HiddenInput, required=False)
    are_distinct = forms.BooleanField(error_messages={"required": UNCONFIRMED})

    def show_again(self, sha256: str, seen: str) -> None:
        """The page now shows this list: the word of its next sending is on it."""
        self.initial = {"sha256": sha256, "seen": seen}
        if self.is_bound:
            data: Any = self.data
            self.data = data = data.copy()
            data["sha256"], data["seen"] = sha256, seen

    def name_alike(self, number: int) -> None:
        """The box is shown where the list has Clients of the same name as others."""
        if number:
            self.fields["are_distinct"].label = DISTINCT[number > 1].format(number)
        else:
            del self.fields["are_distinct"]
