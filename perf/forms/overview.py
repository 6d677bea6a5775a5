"""Filters of the overview. What its links choose travels with them in hidden fields."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms

from segur.fields import IdentifierFormField


class OverviewFilter(forms.Form):
    q = IdentifierFormField(label="Client, FINESS, BDC, solution ou service", required=False)
    organisation = forms.ChoiceField(label="Fournisseur", required=False)
    duree = forms.CharField(required=False, widget=forms.HiddenInput)
    jour = forms.CharField(required=False, widget=forms.HiddenInput)
    vue = forms.CharField(required=False, widget=forms.HiddenInput)
    tri = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any, *, organisations: Iterable[tuple[int, str]]) -> None:
        super().__init__(data)
        fields: dict[str, Any] = self.fields
        choices = [(str(pk), name) for pk, name in organisations]
        if len(choices) > 1:
            fields["organisation"].choices = [("", "Tous les Fournisseurs"), *choices]
        else:
            del fields["organisation"]

    def chosen(self) -> dict[str, str]:
        """What is asked, without what is empty; an unknown choice asks for nothing."""
        self.is_valid()
        return {name: str(value) for name, value in self.cleaned_data.items() if value}
