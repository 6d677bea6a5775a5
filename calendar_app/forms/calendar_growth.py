"""Forms of what a calendar gains: typed, then shown once more with what appears."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import capfirst

from calendar_app.enums import Channel, MilestoneScope, Nature
from calendar_app.models import Dispositif
from calendar_app.rules.calendar_file import SLUG
from segur.fields import CodeFormField, IdentifierFormField
from segur.form_fields import LongTextField, ParisInstantField


class AdditionForm(forms.Form):
    """With its ground. `kept`: what was typed, for the hidden inputs of the confirmation."""

    reason = LongTextField("Motif", missing="Indiquez le motif de l'ajout : il sera publié.")
    source = forms.CharField(
        label="Source",
        max_length=300,
        help_text="Le texte qui le fonde. Exemple : arrêté du 12 janvier 2027, article 3.",
        error_messages={"required": "Indiquez le texte qui fonde cet ajout, avec sa date."},
    )

    def kept(self) -> list[tuple[str, str]]:
        names = {f"{name}{part}" for name in self.fields for part in ("", "_jour", "_heure")}
        return [(name, self.data[name]) for name in self.data if name in names]


class MilestoneForm(AdditionForm):
    title = forms.CharField(
        label="Intitulé",
        max_length=200,
        error_messages={"required": "Indiquez l'intitulé du jalon."},
    )
    scope = forms.ChoiceField(
        label="S'applique à",
        choices=[
            (MilestoneScope.SOLUTION, "Chaque solution logicielle"),
            (MilestoneScope.PRESTATION, "Chaque Prestation Ségur"),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": "Choisissez à quoi le jalon s'applique."},
    )
    channel = forms.ChoiceField(
        label="Lieu du dépôt",
        choices=[(channel.value, capfirst(channel.label)) for channel in Channel],
        widget=forms.RadioSelect,
        error_messages={"required": "Choisissez le lieu du dépôt."},
    )
    due_at = ParisInstantField(
        label="Date",
        help_text="Le dépôt ou la réalisation doit se faire avant cet instant.",
    )
    nature = forms.ChoiceField(
        label="Nature de la date",
        choices=Nature.choices,
        widget=forms.RadioSelect,
        help_text="Une date estimée, marquée ≈, n'ouvre ni compte à rebours ni rappel.",
        error_messages={"required": "Précisez si la date est réglementaire ou estimée."},
    )
    is_money_step = forms.BooleanField(
        label="Étape de paiement, soumise aux droits du Fournisseur", required=False
    )
    needs_pilots = forms.BooleanField(label="Périmètre pilote exigé", required=False)
    field_order = (
        "title",
        "scope",
        "channel",
        "due_at",
        "nature",
        "is_money_step",
        "needs_pilots",
        "reason",
        "source",
    )

    def __init__(self, data: Any = None, *, dispositif: Dispositif) -> None:
        super().__init__(data)
        if not dispositif.has_pilots:
            del self.fields["needs_pilots"]


class DispositifForm(AdditionForm):
    code = IdentifierFormField(
        label="Code",
        max_length=30,
        help_text="Le code officiel. Exemple : SONS-IMG-RIS-Va2.",
        error_messages={"required": "Indiquez le code officiel du dispositif."},
    )
    slug = CodeFormField(
        label="Adresse de la page",
        max_length=50,
        help_text="En minuscules, chiffres et tirets. Exemple : ris, pour /calendriers/ris/.",
        error_messages={"required": "Indiquez l'adresse de la page du calendrier."},
    )
    name = forms.CharField(
        label="Nom",
        max_length=100,
        error_messages={"required": "Indiquez le nom du dispositif."},
    )
    short_name = forms.CharField(
        label="Nom court",
        max_length=20,
        error_messages={"required": "Indiquez le nom court du dispositif."},
    )
    needs_proxy = forms.BooleanField(
        label="Solution référencée en couple avec un proxy", required=False
    )
    has_pilots = forms.BooleanField(
        label="Pilotes, PV et premières installations réussies", required=False
    )
    has_va = forms.BooleanField(
        label="VA, demi-connecteurs et portails de diffusion", required=False
    )
    has_perf = forms.BooleanField(label="PERF, par les indisponibilités", required=False)
    has_ratios = forms.BooleanField(label="PERFm et PERFe", required=False)
    field_order = (
        "code",
        "slug",
        "name",
        "short_name",
        "needs_proxy",
        "has_pilots",
        "has_va",
        "has_perf",
        "has_ratios",
        "reason",
        "source",
    )

    def clean_slug(self) -> str:
        slug: str = self.cleaned_data["slug"]
        if not SLUG.fullmatch(slug):
            raise ValidationError(
                "L'adresse commence par une lettre et ne contient que des minuscules, des chiffres "
                "et des tirets."
            )
        return slug

    @property
    def follow_ups(self) -> list[str]:
        """The labels of those that are ticked."""
        ticked = (name for name in self.fields if self.cleaned_data.get(name) is True)
        return [str(self.fields[name].label) for name in ticked]
