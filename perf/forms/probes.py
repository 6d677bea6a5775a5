"""Giving a probe of the supervision to the service that it watches."""

from django import forms


class ProbeForm(forms.Form):
    probe_id = forms.CharField(max_length=60, widget=forms.HiddenInput)
    code = forms.CharField(label="Code du service", max_length=60)
