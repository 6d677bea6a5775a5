"""Forms of the portfolio."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from calendar_app.forms.solutions import DispositifFilter
from calendar_app.models import Amounts
from calendar_app.rules.money import euros, read_cents
from calendar_app.rules.safe_days import LONGEST_MARGIN
from calendar_app.rules.standing import NEED_CARE, Standing
from journal.forms import ReadingForm
from segur.fields import IdentifierFormField, WholeNumberField
from segur.filters import Choices
from segur.form_fields import DayField


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

    def __init__(
        self, data: Any, *, organisations: Choices, solutions: Choices, by_standing: bool = True
    ) -> None:
        super().__init__(data, organisations=organisations)
        self.offer("solution", "Toutes", solutions)
        if not by_standing:
            del self.fields["etat"], self.fields["risque"]

    @property
    def standings(self) -> frozenset[Standing] | None:
        """Those asked for, which may be none; None where the list is not filtered by them."""
        asked = self.chosen.get("etat"), self.chosen.get("risque")
        if not any(asked):
            return None
        one, care = {Standing(asked[0])} if asked[0] else set(Standing), set(NEED_CARE)
        return frozenset(one & care if asked[1] else one)


class MarginForm(forms.Form):
    days = WholeNumberField(
        label="Marge, en jours ouvrés",
        min_value=0,
        max_value=LONGEST_MARGIN,
        help_text="Combien de jours ouvrés avant chaque date limite vous voulez avoir terminé.",
        error_messages={
            "required": "Indiquez un nombre de jours ouvrés, 0 s'il n'y a pas de marge."
        },
    )


class AmountField(IdentifierFormField):
    """Euros as people type them, in cents; None where empty."""

    def __init__(self, label: str) -> None:
        widget = forms.TextInput(attrs={"inputmode": "decimal"})
        example = "En euros, par exemple 12 345,00."
        super().__init__(
            label=label, required=False, max_length=30, widget=widget, help_text=example
        )

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return None
        try:
            return read_cents(text)
        except ValueError as error:
            raise ValidationError(str(error)) from None

    def prepare_value(self, value: Any) -> Any:
        return euros(value) if isinstance(value, int) else value


class AmountsForm(ReadingForm):
    advance = AmountField("Avance")
    advance_paid_on = DayField(label="Avance payée le", required=False)
    balance = AmountField("Solde")
    balance_paid_on = DayField(label="Solde payé le", required=False)

    @classmethod
    def of(cls, row: Amounts, data: Any = None) -> AmountsForm:
        return cls(data, initial=cls.initial_of(row))


class AmountLinesForm(forms.Form):
    lines = forms.CharField(
        label="Lignes",
        max_length=500_000,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 12, "spellcheck": "false"}),
        help_text=(
            "Une ligne par prestation, copiée du tableur ou d'un CSV : FINESS ; dispositif (RIS ou "
            "DRIMbox), si le Client a les deux ; avance ; solde. Un montant laissé vide ne change "
            "pas. Exemple : 999000184;RIS;3 000,00;7 000,00"
        ),
        error_messages={"required": "Collez au moins une ligne : FINESS;avance;solde."},
    )
