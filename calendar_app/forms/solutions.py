"""Forms of solutions and of the rights of their Fournisseurs."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms

from calendar_app.enums import Market
from calendar_app.models import Dispositif, Solution, Supplier
from journal.forms import ReadingForm
from segur.fields import IdentifierFormField
from segur.filters import Choices, ListFilter
from segur.form_fields import DayField

PROXY_REQUIRED = "Indiquez le proxy : c'est le couple DRIMbox / proxy qui est référencé."
MARKET_HELP = (
    "Une solution autoéditée ou réservée aux membres du groupement qui l'édite n'est pas éligible "
    "au financement."
)


class SolutionForm(forms.Form):
    """Identity and market; the dispositif is chosen once, at creation."""

    name = forms.CharField(
        label="Nom de la solution",
        max_length=150,
        error_messages={"required": "Donnez le nom de la solution."},
    )
    version = IdentifierFormField(label="Version", max_length=50, required=False)
    proxy_name = forms.CharField(
        label="Proxy",
        max_length=150,
        required=False,
        help_text="Pour une DRIMbox : c'est le couple DRIMbox / proxy qui est référencé.",
    )
    proxy_version = IdentifierFormField(label="Version du proxy", max_length=50, required=False)
    market = forms.ChoiceField(
        label="Mise sur le marché",
        choices=Market.choices,
        widget=forms.RadioSelect,
        help_text=MARKET_HELP,
        error_messages={"required": "Précisez comment la solution est proposée."},
    )


class SolutionEditForm(ReadingForm, SolutionForm):
    @classmethod
    def of(cls, solution: Solution, data: Any = None) -> SolutionEditForm:
        """To change a solution; a RIS has no proxy to ask about."""
        form = cls(data, initial=cls.initial_of(solution))
        if not solution.dispositif.needs_proxy:
            del form.fields["proxy_name"], form.fields["proxy_version"]
        else:
            form.fields["proxy_name"].required = True
            form.fields["proxy_name"].error_messages["required"] = PROXY_REQUIRED
        return form


class ReferencingForm(forms.Form):
    referenced_on = DayField(
        label="Référencée Vague 2 le",
        required=False,
        help_text="Le jour où l'ANS a prononcé le référencement. Vide s'il ne l'est pas encore.",
    )
    reference_number = IdentifierFormField(
        label="Numéro de référencement", max_length=60, required=False
    )


class ReferencingEditForm(ReadingForm, ReferencingForm):
    """With the stamp of what it was filled in from."""


class SolutionCreateForm(ReferencingForm, SolutionForm):
    dispositif = forms.ModelChoiceField(
        label="Dispositif",
        queryset=Dispositif.objects.all(),
        widget=forms.RadioSelect,
        empty_label=None,
        error_messages={
            "required": "Choisissez le dispositif : ses échéances en dépendent.",
            "invalid_choice": "Choisissez l'un des dispositifs proposés.",
        },
    )
    field_order = ("dispositif", "name", "version", "proxy_name", "proxy_version", "market")


class SupplierForm(ReadingForm):
    """The rights of a Fournisseur; `only` are the fields that this person may change."""

    declared_on = DayField(
        label="Déclaré à l'ANS le",
        required=False,
        help_text="Le jour où vous avez déclaré ce distributeur à l'ANS.",
    )
    mandate_from = DayField(
        label="Mandat valable du", required=False, help_text="Premier jour, inclus."
    )
    mandate_until = DayField(
        label="Mandat valable jusqu'au",
        required=False,
        help_text="Dernier jour, inclus. Vide si le mandat est sans terme.",
    )
    psc_by_mandate = forms.BooleanField(
        label="Le mandat permet d'utiliser l'habilitation EDC PSC de l'éditeur",
        required=False,
        help_text="Pour un pur revendeur, et seulement si le mandat le dit expressément.",
    )
    psc_from = DayField(
        label="Habilitation EDC PSC valable du",
        required=False,
        help_text=(
            "Habilitation « Opérateur de service utilisateur » de l'Espace de confiance Pro Santé "
            "Connect. Premier jour, inclus."
        ),
    )
    psc_until = DayField(
        label="Habilitation EDC PSC valable jusqu'au",
        required=False,
        help_text="Dernier jour, inclus. Vide si l'habilitation est sans terme.",
    )

    @classmethod
    def of(cls, supplier: Supplier, only: Iterable[str], data: Any = None) -> SupplierForm:
        names = list(only)
        form = cls(data, initial=cls.initial_of(supplier, names))
        form.keep({"read", *names})
        return form

    def keep(self, only: Iterable[str]) -> None:
        kept = set(only)
        for name in [name for name in self.fields if name not in kept]:
            del self.fields[name]


class SupplierCreateForm(SupplierForm):
    siren = IdentifierFormField(
        label="SIREN du distributeur",
        max_length=20,
        help_text="9 chiffres. Le distributeur doit déjà être inscrit sur ce site.",
        error_messages={"required": "Donnez le SIREN du distributeur."},
    )
    field_order = ("siren",)

    @classmethod
    def blank(cls, only: Iterable[str], data: Any = None) -> SupplierCreateForm:
        form = cls(data)
        form.keep({"siren", *only})
        return form


class DispositifFilter(ListFilter):
    """Filters of a list of organisations' things; `organisation` goes when there is one alone."""

    everybody = ""

    q = IdentifierFormField(required=False)
    dispositif = forms.ChoiceField(label="Dispositif", required=False)
    organisation = forms.ChoiceField(required=False)

    def __init__(self, data: Any, *, organisations: Choices) -> None:
        super().__init__(data)
        self.offer("dispositif", "Tous", ((d.slug, d.short_name) for d in Dispositif.objects.all()))
        self.offer("organisation", self.everybody, organisations)


class SolutionFilter(DispositifFilter):
    everybody = "Tous les éditeurs"

    q = IdentifierFormField(label="Nom, proxy ou numéro", required=False)
    organisation = forms.ChoiceField(label="Éditeur", required=False)
