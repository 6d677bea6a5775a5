"""Issuing a statement: which period, and why when it replaces another."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from perf.rules.periods import ObservationPeriod
from perf.selectors.statements import PeriodChoice
from segur.form_fields import LongTextField, offer

UNKNOWN = "Choisissez une période de la liste."


class StatementForm(forms.Form):
    """`period` comes out as an ObservationPeriod; each choice says what would be issued."""

    period = forms.ChoiceField(
        label="Période d'observation",
        widget=forms.RadioSelect,
        error_messages={"required": UNKNOWN, "invalid_choice": UNKNOWN},
    )
    reason = LongTextField(
        "Motif du remplacement",
        required=False,
        help_text="Nécessaire quand un relevé de la période existe déjà. Il figure sur le nouveau.",
    )

    def __init__(self, *args: Any, choices: Sequence[PeriodChoice], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._periods = {choice.key: choice.period for choice in choices}
        offer(self, "period", [(choice.key, choice.sentence) for choice in choices])
        if len(choices) == 1:
            self.fields["period"].initial = choices[0].key
        if not any(choice.replaced for choice in choices):
            del self.fields["reason"]

    def clean_period(self) -> ObservationPeriod:
        try:
            return self._periods[self.cleaned_data["period"]]
        except KeyError:
            raise ValidationError(UNKNOWN) from None
