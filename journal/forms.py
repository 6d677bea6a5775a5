"""Forms of acts: what they were filled in from, and a service's refusal beside the fields."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable
from typing import Any, TypeVar

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import models

from journal.services.readings import STALE, fields_stamp

T = TypeVar("T")


class ReadingForm(forms.Form):
    """`read` is the stamp of what the page showed: see `journal.services.readings`."""

    read = forms.CharField(widget=forms.HiddenInput, required=False)

    @classmethod
    def initial_of(cls, row: models.Model, only: Iterable[str] = ()) -> dict[str, Any]:
        """What the fields of the form (or `only` these) hold in this row, with their stamp."""
        names = [name for name in only or cls.base_fields if name != "read"]
        return {**{name: getattr(row, name) for name in names}, "read": fields_stamp(row, names)}

    def read_again(self, stamp: str) -> None:
        """The person has been told what the row now says: what is typed may replace it."""
        data: Any = self.data
        self.data = data = data.copy()
        data["read"] = stamp


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
        if name not in but and (hold := getattr(field, "hold", None)):
            hold()
