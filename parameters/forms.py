"""Forms of a regulatory parameter: the value, whose field follows its kind, and its retirement."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms

from parameters.rules.kinds import MAX_WHOLE, MAX_WORDS, MINUTES, Parameter, ParameterKind, Value
from segur.fields import IdentifierFormField, LinkFormField, WholeNumberField
from segur.form_fields import DayField, LongTextField
from segur.lib import paris

LABEL = "Nouvelle valeur"
WRONG_CHOICE = "Choisissez une des réponses proposées."


class ParameterForm(forms.Form):
    effective_from = DayField(
        label="Date d'effet",
        help_text="Dès le début de ce jour, à Paris. Un jour passé convient : un texte peut valoir "
        "avant d'être connu.",
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

    def __init__(self, *args: Any, parameter: Parameter, value: Value, **kwargs: Any) -> None:
        """`value`: what holds now, from which hours and figures are changed."""
        super().__init__(*args, **kwargs)
        self.fields["value"] = _value_field(parameter, value)
        self.order_fields(self.field_order)

    def values(self) -> dict[str, Any]:
        data = self.cleaned_data
        return {**data, "effective_from": paris.at(data["effective_from"], dt.time(0))}

    def kept(self) -> list[tuple[str, str]]:
        """Every field as it was typed, for the hidden inputs of the confirmation."""
        return [(name, self.data[name]) for name in self.fields if name in self.data]


class RetireForm(forms.Form):
    reason = LongTextField(
        "Motif du retrait",
        help_text="Inscrit au journal et envoyé aux personnes concernées.",
        missing="Indiquez pourquoi cette valeur est retirée.",
    )


def _value_field(parameter: Parameter, value: Value) -> forms.Field:
    match parameter.kind:
        case ParameterKind.YES_NO:
            return forms.TypedChoiceField(
                label=LABEL,
                choices=[("oui", "Oui"), ("non", "Non")],
                coerce=lambda answer: answer == "oui",
                widget=forms.RadioSelect,
                error_messages={"required": "Répondez par oui ou par non."},
            )
        case ParameterKind.CHOICE:
            return forms.ChoiceField(
                label=LABEL,
                choices=parameter.choices,
                widget=forms.RadioSelect,
                error_messages=dict.fromkeys(("required", "invalid_choice"), WRONG_CHOICE),
            )
        case ParameterKind.WHOLE:
            return _whole_field(parameter, value)
        case ParameterKind.ADDRESS:
            wrong = "Indiquez une adresse complète, qui commence par https://."
            return LinkFormField(
                label=LABEL,
                assume_scheme="https",
                max_length=300,
                error_messages={"required": wrong, "invalid": wrong},
            )
        case _:
            return _text_field(parameter, value)


def _text_field(parameter: Parameter, value: Value) -> forms.CharField:
    match parameter.kind:
        case ParameterKind.HOURS:
            help_text = "Exemples : 09:00-19:00, 09:00-12:00 14:00-19:00, fermé."
        case ParameterKind.PERCENTAGE:
            help_text = "En pour cent, par exemple 97,5. Vide : aucun."
        case _:
            help_text = "Ce que dit le texte, en une ou deux phrases. Vide : non fixé."
    is_long = parameter.kind == ParameterKind.WORDS
    field = forms.CharField if is_long else IdentifierFormField
    return field(
        label=LABEL,
        max_length=MAX_WORDS if is_long else 100,
        required=parameter.kind == ParameterKind.HOURS,
        initial=value,
        widget=forms.Textarea({"rows": 4}) if is_long else None,
        help_text=help_text,
        error_messages={"required": "Indiquez des horaires, ou « fermé »."},
    )


def _whole_field(parameter: Parameter, value: Value) -> forms.Field:
    figure = "Indiquez un nombre entier"
    wrong = f"{figure} de {parameter.unit}." if parameter.unit else f"{figure}."
    return WholeNumberField(
        label=f"{LABEL}, en {parameter.unit}" if parameter.unit else LABEL,
        min_value=1,
        max_value=MAX_WHOLE,
        initial=value,
        help_text="60 minutes font 1 h, 600 minutes 10 h." if parameter.unit == MINUTES else "",
        error_messages={"required": wrong, "invalid": wrong},
    )
