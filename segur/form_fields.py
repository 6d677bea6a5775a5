"""Form fields of days, hours, Paris instants and long texts, and what a choice offers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet

from segur.fields import FoldedInput
from segur.lib import paris
from segur.lib.instants import BadText, of_cell
from segur.lib.search import plain
from segur.lib.texts import sentence

FIRST_YEAR, LAST_YEAR = 2000, 2099
"""No day of the field is older, nor later, «sans terme» written as a date included. Each rule is
narrower where it has a reason; another year is a slip of the keyboard."""

DAY_REQUIRED = "Indiquez le jour."
NO_YEAR = f"Choisissez une année de {FIRST_YEAR} à {LAST_YEAR}."
HOUR_REQUIRED = "Indiquez l'heure, sur l'horloge de Paris."
MIDNIGHT = (
    "Précisez l'heure : 00h00 est le tout début de la journée. "
    "Pour la nuit, écrivez 23h59 la veille ou 00h01."
)
TWICE = (
    ("", "Choisissez"),
    ("0", "la première fois, heure d'été"),
    ("1", "la seconde fois, heure d'hiver"),
)
TWICE_REQUIRED = (
    "Le {day:%d/%m/%Y}, les horloges reviennent de 3h à 2h : il est deux fois {hour}. "
    "Choisissez laquelle des deux."
)


def offer(form: forms.BaseForm, name: str, offered: QuerySet[Any] | Sequence[Any]) -> None:
    """The rows, or the pairs of value and words, between which this field of a form chooses."""
    field: Any = form.fields[name]
    if isinstance(offered, QuerySet):
        field.queryset = offered
    else:
        field.choices = offered


class LongTextField(forms.CharField):
    """A text of several lines; `missing` is the refusal of an empty one."""

    def __init__(
        self, label: str, *, max_length: int = 500, rows: int = 3, missing: str = "", **kwargs: Any
    ) -> None:
        if missing:
            kwargs["error_messages"] = {"required": missing}
        widget = forms.Textarea({"rows": rows})
        super().__init__(label=label, max_length=max_length, widget=widget, **kwargs)


class DayField(FoldedInput, forms.DateField):
    """A day: the browser's own picker, or «09/06/2027» typed by hand."""

    widget = forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    default_error_messages = {  # noqa: RUF012  (Django's own idiom)
        "required": DAY_REQUIRED,
        "invalid": "Cette date n'existe pas. Exemple : 09/06/2027.",
    }

    def validate(self, value: Any) -> None:
        super().validate(value)
        if value and not FIRST_YEAR <= value.year <= LAST_YEAR:
            raise ValidationError(NO_YEAR, code="year")


class HourField(FoldedInput, forms.TimeField):
    widget = forms.TimeInput({"type": "time", "step": 1}, format="%H:%M:%S")
    default_error_messages = {  # noqa: RUF012
        "required": HOUR_REQUIRED,
        "invalid": "Cette heure n'existe pas. Exemple : 11:45.",
    }


class MonthField(FoldedInput, forms.DateField):
    """A month: the browser's own picker, or «10/2026» typed by hand → its first day."""

    widget = forms.DateInput({"type": "month"}, format="%Y-%m")
    input_formats: tuple[str, ...] = ("%Y-%m", "%m/%Y")
    default_error_messages = {  # noqa: RUF012  (Django's own idiom)
        "required": "Indiquez le mois.",
        "invalid": "Ce mois n'existe pas. Exemple : 10/2026.",
    }


class ParisInstantWidget(forms.MultiWidget):
    template_name = "forms/paris_instant.html"
    use_fieldset = True

    def __init__(self, attrs: dict[str, Any] | None = None, *, exact: bool = False) -> None:
        parts: dict[str, forms.Widget | type[forms.Widget]] = {
            "jour": DayField().widget,
            "heure": HourField().widget,
        }
        if exact:
            parts["fois"] = forms.Select(choices=TWICE)
        super().__init__(parts, attrs)

    def decompress(self, value: dt.datetime | None) -> list[Any]:
        if value is None:
            return [None, None, None]
        moment = paris.local(value)
        return [moment.date(), moment.time(), str(moment.fold)]

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """The choice between the two hours is shown on the one day that needs it."""
        context: dict[str, Any] = super().get_context(name, value, attrs)
        parts = value if isinstance(value, list) else self.decompress(value)
        if not _repeats_an_hour(parts[0]):
            del context["widget"]["subwidgets"][2:]
        return context


def _repeats_an_hour(typed: Any) -> bool:
    try:
        day = DayField(required=False).clean(typed)
    except ValidationError:
        return False
    return day is not None and paris.is_twice(day, dt.time(2))


class ParisInstantField(forms.MultiValueField):
    """A day and an hour on the Paris clock → an aware UTC instant, or None when not required.

    The hour is never guessed: midnight, a missing part, and the hour that the change to summer time
    skips are refused with a sentence. `exact`, for what was measured rather than decided: midnight
    is an hour like another, and in the hour that October repeats the person says which.
    """

    widget = ParisInstantWidget
    default_error_messages = {  # noqa: RUF012
        "required": "Indiquez le jour et l'heure, sur l'horloge de Paris.",
        "incomplete": "Indiquez le jour et l'heure, les deux.",
    }

    def __init__(self, *, exact: bool = False, **kwargs: Any) -> None:
        both = {"incomplete": self.default_error_messages["incomplete"]}
        fields: list[forms.Field] = [
            DayField(error_messages=both),
            HourField(input_formats=["%H:%M:%S", "%H:%M", "%Hh%M", "%Hh"], error_messages=both),
        ]
        required = kwargs.pop("required", True)
        if exact:
            fields.append(forms.ChoiceField(choices=TWICE))
            kwargs.setdefault("widget", ParisInstantWidget(exact=True))
        super().__init__(fields=fields, require_all_fields=False, required=required, **kwargs)
        for number, field in enumerate(fields):
            field.required = number < 2  # noqa: PLR2004  (the day and the hour)
        self.required, self.exact = required, exact

    def compress(self, data_list: Sequence[Any]) -> dt.datetime | None:
        if not data_list:
            return None
        day, hour, *which = data_list
        if hour == dt.time(0) and not self.exact:
            raise ValidationError(MIDNIGHT, code="midnight")
        if self.exact and paris.is_twice(day, hour):
            if not which[0]:
                twice = TWICE_REQUIRED.format(day=day, hour=paris.hour(hour))
                raise ValidationError(twice, code="twice")
            hour = hour.replace(fold=int(which[0]))
        instant = paris.at(day, hour)
        if paris.local(instant).time() != hour:
            raise ValidationError(
                f"Le {day:%d/%m/%Y}, les horloges passent de 2h à 3h : cette heure n'existe pas.",
                code="skipped",
            )
        return instant


class InstantCellField(forms.Field):
    """A day and an hour in one text, as the cell of a file has them → an aware UTC instant.
    `exact`: as for `ParisInstantField`."""

    def __init__(self, *, exact: bool = False, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.exact = exact

    def to_python(self, value: Any) -> dt.datetime | None:
        if not value:
            return None
        try:
            found = of_cell(str(value))
        except BadText as refusal:
            raise ValidationError(sentence(str(refusal))) from None
        if not self.exact and paris.local(found).time() == dt.time(0):
            raise ValidationError(MIDNIGHT, code="midnight")
        return found


class ChoiceCellField(FoldedInput, forms.CharField):
    """One of a few words, as the cell of a file has them: a value, or its label, in any case."""

    def __init__(self, *, choices: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.words = [label for _value, label in choices]
        self.values = {plain(word): value for value, label in choices for word in (value, label)}

    def clean(self, value: Any) -> str:
        text: str = super().clean(value)
        if text and plain(text) not in self.values:
            words = ", ".join(self.words)
            raise ValidationError(f"« {text[:60]} » n'est pas connu. Écrivez : {words}.")
        return self.values.get(plain(text), "")
