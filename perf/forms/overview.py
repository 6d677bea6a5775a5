"""Filters of the overview. What its links choose travels with them in hidden fields."""

from __future__ import annotations

from typing import Any

from django import forms

from segur.fields import IdentifierFormField
from segur.filters import Choices, ListFilter


class OverviewFilter(ListFilter):
    tabs = frozenset({"duree", "jour", "tri"})

    q = IdentifierFormField(label="Client, FINESS, BDC, solution ou service", required=False)
    organisation = forms.ChoiceField(label="Fournisseur", required=False)
    duree = forms.CharField(required=False, widget=forms.HiddenInput)
    jour = forms.CharField(required=False, widget=forms.HiddenInput)
    vue = forms.CharField(required=False, widget=forms.HiddenInput)
    tri = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any, *, organisations: Choices) -> None:
        super().__init__(data)
        self.offer("organisation", "Tous les Fournisseurs", organisations)
