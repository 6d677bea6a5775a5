"""Who asks for an invitation says of which organisation, and why."""

from django import forms

from accounts.rules.numbers import validate_siren
from segur.fields import NumberField
from segur.form_fields import LongTextField


class AccessRequestForm(forms.Form):
    siren = NumberField(
        label="SIREN de votre organisation",
        max_length=9,
        help_text="Neuf chiffres.",
        validators=[validate_siren],
        error_messages={"required": "Indiquez le SIREN de votre organisation."},
    )
    message = LongTextField(
        "Message (facultatif)",
        required=False,
        help_text="Votre fonction, par exemple. Les Mandataires le liront.",
        error_messages={"max_length": "500 caractères au plus."},
    )
