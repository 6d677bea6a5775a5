"""Forms of an organisation's identity. Numbers are compacted: «552 100 554» is what people copy."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from accounts.enums import SUPPLIER_KINDS, Kind
from accounts.models import Organisation
from accounts.rules.numbers import validate_finess, validate_siren, validate_siret
from segur.fields import IdentifierFormField, NumberField
from segur.filters import ListFilter
from segur.form_fields import LongTextField
from segur.requests import is_key


class DistinctField(forms.CharField):
    """The Clients of the same name that the page has shown: «12,57»."""

    widget = forms.HiddenInput

    def clean(self, value: Any) -> list[int]:
        return [int(one) for one in str(value or "").split(",") if is_key(one)]


class OrganisationIdentityForm(forms.Form):
    """The identity of an organisation of `kind`. The rules between its fields are the service's."""

    name = forms.CharField(
        label="Nom", max_length=200, error_messages={"required": "Écrivez le nom."}
    )
    siren = NumberField(
        label="SIREN",
        validators=[validate_siren],
        help_text="9 chiffres, avec ou sans espaces.",
        error_messages={"required": "Écrivez le numéro SIREN."},
    )
    siret = NumberField(
        label="SIRET",
        required=False,
        validators=[validate_siret],
        help_text="14 chiffres, de l'établissement concerné.",
    )
    finess = NumberField(
        label="FINESS",
        validators=[validate_finess],
        help_text="9 caractères, par exemple 750000001.",
        error_messages={"required": "Écrivez le numéro FINESS."},
    )
    city = forms.CharField(label="Commune", max_length=100, required=False)

    def __init__(self, *args: Any, kind: Kind, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind = kind
        self.fields["siren"].required = kind in SUPPLIER_KINDS
        if kind != Kind.CLIENT:
            del self.fields["finess"]

    def clean_name(self) -> str:
        return " ".join(self.cleaned_data["name"].split())


class ClientForm(OrganisationIdentityForm):
    """A Client for the directory: what is public of it."""

    distinct_from = DistinctField(required=False)
    field_order = ("name", "finess", "city", "siren", "siret")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, kind=Kind.CLIENT, **kwargs)


class OrganisationEditForm(OrganisationIdentityForm):
    reason = LongTextField(
        "Motif",
        rows=2,
        help_text="Inscrit au journal avec l'ancienne et la nouvelle valeur.",
        missing="Indiquez le motif de la modification.",
    )
    is_active = forms.BooleanField(
        label="Organisation ouverte",
        required=False,
        help_text="Décochez pour fermer l'accès à ses membres. Rien n'est effacé.",
    )

    def __init__(self, *args: Any, organisation: Organisation, **kwargs: Any) -> None:
        names = ("name", "siren", "siret", "finess", "city", "is_active")
        initial = {name: getattr(organisation, name) for name in names}
        kind = Kind(organisation.kind)
        super().__init__(*args, kind=kind, initial=initial, **kwargs)
        if kind == Kind.ANS:
            del self.fields["is_active"]
        self.order_fields(("name", "siren", "siret", "finess", "city", "is_active", "reason"))


class OrganisationCreateForm(forms.Form):
    """All kinds in one form: which number is needed depends on the kind."""

    kind = forms.TypedChoiceField(
        label="Nature",
        coerce=Kind,
        choices=Kind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choisissez la nature de l'organisation."},
    )
    name = forms.CharField(
        label="Nom", max_length=200, error_messages={"required": "Écrivez le nom."}
    )
    siren = NumberField(
        label="SIREN",
        required=False,
        validators=[validate_siren],
        help_text="9 chiffres. Nécessaire pour un éditeur ou un distributeur.",
    )
    siret = NumberField(label="SIRET", required=False, validators=[validate_siret])
    finess = NumberField(
        label="FINESS",
        required=False,
        validators=[validate_finess],
        help_text="9 caractères. Nécessaire pour un Client.",
    )
    city = forms.CharField(label="Commune", max_length=100, required=False)
    distinct_from = DistinctField(required=False)

    def clean_name(self) -> str:
        return " ".join(self.cleaned_data["name"].split())

    def clean_finess(self) -> str:
        finess: str = self.cleaned_data["finess"]
        if finess and self.cleaned_data.get("kind") != Kind.CLIENT:
            raise ValidationError("Seul un Client a un numéro FINESS : laissez ce champ vide.")
        return finess


class MergeForm(forms.Form):
    """The Client that is kept, and why the other is the same."""

    finess = NumberField(
        label="FINESS du Client à garder",
        validators=[validate_finess],
        help_text="Ses prestations restent, celles du Client réuni les rejoignent.",
        error_messages={"required": "Indiquez le numéro FINESS du Client à garder."},
    )
    reason = LongTextField(
        "Motif",
        rows=2,
        help_text="Inscrit au journal.",
        missing="Indiquez pourquoi ces deux Clients n'en font qu'un.",
    )

    def clean_finess(self) -> Organisation:
        known = Organisation.objects.clients().filter(finess=self.cleaned_data["finess"])
        found: Organisation | None = known.filter(is_active=True).first()
        if found is None:
            raise ValidationError("Aucun Client de l'annuaire n'a ce numéro FINESS.")
        return found

    def values(self) -> dict[str, Any]:
        return {"into": self.cleaned_data["finess"], "reason": self.cleaned_data["reason"]}

    def kept(self) -> list[tuple[str, str]]:
        """Every field as it was typed, for the hidden inputs of the confirmation."""
        return [(name, self.data[name]) for name in self.fields if name in self.data]


class OrganisationFilterForm(ListFilter):
    q = IdentifierFormField(label="Nom, commune ou numéro", required=False)
    kind = forms.ChoiceField(
        label="Nature", required=False, choices=[("", "Toutes"), *Kind.choices]
    )


class ClientFilterForm(ListFilter):
    q = IdentifierFormField(label="Nom, commune ou FINESS", required=False)
