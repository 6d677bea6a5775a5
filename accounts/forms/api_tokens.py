"""A new key of the API."""

from typing import Any

from django import forms

from accounts.enums import Kind
from accounts.models import Organisation
from api.enums import Scope
from segur.fields import IdentifierFormField
from segur.form_fields import DayField, offer


class ApiTokenForm(forms.Form):
    name = IdentifierFormField(
        label="Nom de la clé",
        max_length=100,
        help_text="Le logiciel qui s'en servira. Exemple : supervision interne.",
        error_messages={
            "required": "Donnez un nom à la clé.",
            "max_length": "Le nom a au plus 100 caractères.",
        },
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    scopes = forms.MultipleChoiceField(
        label="Ce que la clé peut faire",
        help_text="Le moins possible : une clé pour chaque logiciel.",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choisissez ce que la clé peut faire."},
    )
    ends_on = DayField(
        label="Dernier jour",
        help_text="Deux ans au plus. Passé ce jour, la clé n'ouvre plus rien.",
        error_messages={"required": "Donnez le dernier jour de la clé."},
    )

    def __init__(self, *args: Any, organisation: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        is_ans = organisation.kind == Kind.ANS
        scopes = [scope for scope in Scope if is_ans or scope is not Scope.SUPERVISION]
        offer(self, "scopes", [(scope.value, scope.label) for scope in scopes])
        if is_ans:
            self.fields["signs"] = forms.BooleanField(
                label="Supervision : refuser un envoi sans signature",
                help_text="Pour une source qui signe selon Standard Webhooks.",
                required=False,
            )

    def clean_scopes(self) -> list[Scope]:
        return [Scope(value) for value in self.cleaned_data["scopes"]]
