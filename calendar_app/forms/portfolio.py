"""Forms of the portfolio."""

from __future__ import annotations

from typing import Any

from django import forms

from calendar_app.forms.solutions import DispositifFilter
from calendar_app.rules.standing import NEED_CARE, Standing
from segur.fields import IdentifierFormField
from segur.filters import Choices


class PortfolioFilter(DispositifFilter):
    everybody = "Tous les Fournisseurs"

    q = IdentifierFormField(label="Client ou BDC", required=False)
    organisation = forms.ChoiceField(label="Fournisseur", required=False)
    solution = forms.ChoiceField(label="Solution", required=False)
    etat = forms.ChoiceField(
        label="État",
        required=False,
        choices=[("", "Tous"), *((one.value, one.word.capitalize()) for one in Standing)],
    )
    risque = forms.BooleanField(label="En retard, bloqué, refusé ou à risque", required=False)
    field_order = ("q", "dispositif", "solution", "organisation", "etat", "risque")

    def __init__(self, data: Any, *, organisations: Choices, solutions: Choices) -> None:
        super().__init__(data, organisations=organisations)
        self.offer("solution", "Toutes", solutions)

    @property
    def standings(self) -> frozenset[Standing]:
        """Those asked for; empty for all."""
        found = {Standing(self.chosen["etat"])} if self.chosen.get("etat") else set(Standing)
        if self.chosen.get("risque"):
            found &= set(NEED_CARE)
        elif not self.chosen.get("etat"):
            return frozenset()
        return frozenset(found)
