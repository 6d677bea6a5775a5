"""Form of a regulatory parameter; its first field follows the parameter's type."""

from __future__ import annotations

from typing import Any

from django import forms

from calendar_app.forms.fields import DayField
from calendar_app.rules.parameters import Parameter, Value


class ParameterForm(forms.Form):
    effective_from = DayField(
        label="Date d'effet",
        help_text="Dès le début de ce jour, à Paris. Un jour passé convient : un texte peut valoir "
        "depuis plus longtemps qu'il n'est connu ici.",
    )
    source = forms.CharField(
        label="Source",
        max_length=300,
        help_text="Le texte ou la décision qui donne cette valeur, avec sa date.",
        error_messages={"required": "Indiquez le texte ou la décision qui donne cette valeur."},
    )
    is_confirmed = forms.BooleanField(
        label="Cette valeur est confirmée par un texte",
        help_text="Sans confirmation, les écrans continuent d'afficher « à confirmer ».",
        required=False,
    )
    field_order = ("value", "effective_from", "source", "is_confirmed")

    def __init__(self, *args: Any, parameter: Parameter, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["value"] = _value_field(parameter)
        self.order_fields(self.field_order)


def _value_field(parameter: Parameter) -> forms.Field:
    label = "Nouvelle valeur"
    if isinstance(parameter.default, bool):
        return forms.TypedChoiceField(
            label=label,
            choices=[("oui", "Oui"), ("non", "Non")],
            coerce=_is_yes,
            widget=forms.RadioSelect,
            error_messages={"required": "Répondez par oui ou par non."},
        )
    if isinstance(parameter.default, int):
        return forms.IntegerField(
            label=label, error_messages={"invalid": "Indiquez un nombre entier."}
        )
    wrong = "Indiquez une adresse complète, qui commence par https://."
    return forms.URLField(
        label=label,
        assume_scheme="https",
        max_length=300,
        error_messages={"required": wrong, "invalid": wrong},
    )


def _is_yes(answer: Value) -> bool:
    return answer == "oui"
