"""A new key of the API."""

from django import forms


class ApiTokenForm(forms.Form):
    name = forms.CharField(
        label="Nom de la clé",
        max_length=100,
        help_text="Le logiciel qui s'en servira. Exemple : supervision interne.",
        error_messages={
            "required": "Donnez un nom à la clé.",
            "max_length": "Le nom a au plus 100 caractères.",
        },
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def clean_name(self) -> str:
        return " ".join(self.cleaned_data["name"].split())
