"""Who asks for an invitation says of which organisation, and why."""

from django import forms

from accounts.rules.numbers import validate_siren
from segur.fields import NumberField


class AccessRequestForm(forms.Form):
    siren = NumberField(
        label="SIREN de votre organisation",
        max_length=9,
        help_text="Neuf chiffres.",
        validators=[validate_siren],
        error_messages={"required": "Indiquez le SIREN de votre organisation."},
    )
    message = forms.CharField(
        label="Message (facultatif)",
        required=False,
        max_length=500,
        help_text="Votre fonction, par exemple. Les Mandataires le liront.",
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"max_length": "500 caractères au plus."},
    )
