"""Forms of PERFm and PERFe."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from journal.forms import ReadingForm
from perf.engine.hours import FIRST_YEAR, LAST_YEAR
from perf.enums import Indicator
from perf.models import Ratio
from perf.services.ratios import MOST, problems
from segur.fields import IdentifierFormField, WholeNumberField
from segur.filters import ListFilter
from segur.form_fields import MonthField


class CountField(WholeNumberField):
    """A count of CR. Empty is let through: `problems` says why it is no value."""

    default_error_messages = {"invalid": "Écrivez un nombre entier."}  # noqa: RUF012

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(min_value=0, max_value=MOST, required=False, **kwargs)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {**super().widget_attrs(widget), "aria-required": "true"}


class CountsForm(forms.Form):
    local_numerator = CountField(label="Numérateur, CR locaux")
    local_denominator = CountField(label="Dénominateur, CR locaux")
    remote_numerator = CountField(label="Numérateur, CR de téléradiologie")
    remote_denominator = CountField(label="Dénominateur, CR de téléradiologie")

    def clean(self) -> dict[str, Any]:
        """Every count that is missing or too large is shown at once, whatever else is wrong."""
        data = super().clean() or self.cleaned_data
        counts = {name: data[name] for name in CountsForm.base_fields if name in data}
        for name, sentence in problems(**counts).items():
            self.add_error(name, sentence)
        return data


class RatioCorrectionForm(ReadingForm, CountsForm):
    @classmethod
    def of(cls, ratio: Ratio, data: Any = None) -> RatioCorrectionForm:
        return cls(data, initial=cls.initial_of(ratio))


class RatioForm(CountsForm):
    indicator = forms.ChoiceField(
        label="Indicateur",
        choices=Indicator.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choisissez l'indicateur."},
    )
    month = MonthField(label="Mois")
    field_order = ("indicator", "month")


class PeriodForm(forms.Form):
    """From a month to a month, both included."""

    du = MonthField(label="De", required=False)
    au = MonthField(label="À", required=False)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        first, last = data.get("du"), data.get("au")
        if first and last and first > last:
            raise ValidationError("Le dernier mois vient avant le premier.")
        for month in (first, last):
            if month and not FIRST_YEAR <= month.year <= LAST_YEAR:
                raise ValidationError(f"Choisissez une année de {FIRST_YEAR} à {LAST_YEAR}.")
        return data


class RatioFilter(ListFilter):
    q = IdentifierFormField(label="Client, FINESS ou BDC", required=False)
    annee = forms.TypedChoiceField(
        label="Année",
        coerce=int,
        required=False,
        empty_value=None,
        choices=[(year, str(year)) for year in range(FIRST_YEAR, LAST_YEAR + 1)],
    )
