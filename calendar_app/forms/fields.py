"""Form fields shared by the screens: a Paris instant, and several files at once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile

from segur.lib import paris

DAY_REQUIRED = "Indiquez le jour."
HOUR_REQUIRED = "Indiquez l'heure, sur l'horloge de Paris."
MIDNIGHT = (
    "Précisez l'heure : 00h00 est le tout début de la journée. "
    "Pour la nuit, écrivez 23h59 la veille ou 00h01."
)


class DayInput(forms.DateInput):
    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")


class HourInput(forms.TimeInput):
    input_type = "time"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"step": 1, **(attrs or {})}, format="%H:%M:%S")


class DayField(forms.DateField):
    """A day: the browser's own picker, or «09/06/2027» typed by hand."""

    widget = DayInput
    default_error_messages = {  # noqa: RUF012  (Django's own idiom)
        "required": DAY_REQUIRED,
        "invalid": "Cette date n'existe pas. Exemple : 09/06/2027.",
    }


class HourField(forms.TimeField):
    widget = HourInput
    default_error_messages = {  # noqa: RUF012
        "required": HOUR_REQUIRED,
        "invalid": "Cette heure n'existe pas. Exemple : 11:45.",
    }


class ParisInstantWidget(forms.MultiWidget):
    template_name = "forms/paris_instant.html"
    use_fieldset = True

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"jour": DayInput(), "heure": HourInput()}, attrs)

    def decompress(self, value: dt.datetime | None) -> list[Any]:
        if value is None:
            return [None, None]
        moment = paris.local(value)
        return [moment.date(), moment.time()]


class ParisInstantField(forms.MultiValueField):
    """A day and an hour on the Paris clock → an aware UTC instant, or None when not required.

    The hour is never guessed: midnight, a missing part, and the hour that the change to summer time
    skips are refused with a sentence.
    """

    widget = ParisInstantWidget
    default_error_messages = {  # noqa: RUF012
        "required": "Indiquez le jour et l'heure, sur l'horloge de Paris.",
        "incomplete": "Indiquez le jour et l'heure, les deux.",
    }

    def __init__(self, **kwargs: Any) -> None:
        both = {"incomplete": self.default_error_messages["incomplete"]}
        fields = (
            DayField(error_messages=both),
            HourField(input_formats=["%H:%M:%S", "%H:%M", "%Hh%M", "%Hh"], error_messages=both),
        )
        required = kwargs.pop("required", True)
        super().__init__(fields=fields, require_all_fields=False, required=required, **kwargs)
        for field in fields:
            field.required = True
        self.required = required

    def compress(self, data_list: Sequence[Any]) -> dt.datetime | None:
        if not data_list:
            return None
        day, hour = data_list
        if hour == dt.time(0):
            raise ValidationError(MIDNIGHT, code="midnight")
        try:
            instant = paris.at(day, hour)
        except OverflowError:
            raise ValidationError(DayField.default_error_messages["invalid"]) from None
        if paris.local(instant).time() != hour:
            raise ValidationError(
                f"Le {day:%d/%m/%Y}, les horloges passent de 2h à 3h : cette heure n'existe pas.",
                code="skipped",
            )
        return instant


class FilesInput(forms.FileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files in one go → a list, empty when there is none."""

    widget = FilesInput

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile[Any]]:
        uploads = data if isinstance(data, (list, tuple)) else [data] if data else []
        if not uploads:
            super().clean(None, initial)
        return [upload for upload in uploads if upload is not None]
