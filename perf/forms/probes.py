"""Giving a probe of the supervision to the service that it watches."""

from django import forms

from segur.fields import IdentifierFormField


class ProbeForm(forms.Form):
    probe_id = IdentifierFormField(max_length=60, widget=forms.HiddenInput)
    code = IdentifierFormField(
        label="Code du service",
        max_length=60,
        error_messages={"required": "Indiquez le code du service que la sonde surveille."},
    )
