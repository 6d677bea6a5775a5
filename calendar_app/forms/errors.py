"""From a service's refusal to the fields of the form that asked."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError

from calendar_app.forms.reading import ReadingForm
from calendar_app.services.readings import STALE

T = TypeVar("T")


def refuse(form: forms.BaseForm, error: ValidationError) -> None:
    """Show each message by its field, or above the form when it has no such field."""
    if not hasattr(error, "error_dict"):
        form.add_error(None, error)
        if getattr(error, "code", "") == STALE and isinstance(form, ReadingForm):
            form.read_again((error.params or {})["stamp"])
        return
    for name, errors in error.error_dict.items():
        known = name in form.fields and name != NON_FIELD_ERRORS
        for one in errors:
            form.add_error(name if known else None, one)


def submit(form: forms.BaseForm, act: Callable[[], T]) -> T | None:
    """Run `act` when the form is valid; None when it is not, or when the service refused."""
    if not form.is_valid():
        return None
    try:
        return act()
    except ValidationError as error:
        refuse(form, error)
        return None
