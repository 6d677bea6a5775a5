"""A new key of the API."""

from django import forms

from segur.fields import IdentifierFormField


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
