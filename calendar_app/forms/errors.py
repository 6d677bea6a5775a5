"""From a service's refusal to the fields of the form that asked."""

from __future__ import annotations

from collections.abc import Callable, Container
from typing import TypeVar

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError

from calendar_app.forms.fields import ProofsField
from calendar_app.forms.reading import ReadingForm
from calendar_app.services.fates import joined_once
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
    """Run `act` when the form is valid; None when it is not, or when the service refused. The form
    then holds its good files."""
    if not form.is_valid():
        hold_files(form)
        return None
    try:
        return act()
    except ValidationError as error:
        refuse(form, error)
        hold_files(form, but=form.errors)
        return None


def hold_files(form: forms.BaseForm, *, but: Container[str] = ()) -> None:
    """Whatever was wrong, no good file has to be chosen again. `but`: fields whose very files the
    service has refused."""
    for name, field in form.fields.items():
        if isinstance(field, ProofsField) and name not in but:
            field.hold()


def said_of_files(form: forms.BaseForm) -> list[str]:
    """A sentence for each file that was not stored, since it is joined already."""
    fields = [field for field in form.fields.values() if isinstance(field, ProofsField)]
    return [words for field in fields for words in joined_once(field.kept)]
