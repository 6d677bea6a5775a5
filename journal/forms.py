"""Forms of acts: what they were filled in from, and a service's refusal beside the fields."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Container, Iterable
from typing import Any, TypeVar

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import models

from journal.querysets import EntryQuerySet
from journal.rules.workflow import LABELS
from journal.services.readings import STALE, fields_stamp
from segur.filters import ListFilter, LongSelect
from segur.form_fields import DayField, offer
from segur.lib import paris
from segur.lib.workdays import ONE_DAY

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
        """The person has read what the row now holds: what is typed may replace it."""
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


def attempt(form: forms.BaseForm, act: Callable[[], T]) -> T | None:
    """Runs `act` when the form is valid; None when it is not, or when the service refused. The form
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


class JournalFilter(ListFilter):
    personne = forms.CharField(label="Personne", required=False, max_length=150)
    objet = forms.CharField(label="Objet", required=False, max_length=200)
    organisation = forms.TypedChoiceField(
        label="Organisation", required=False, coerce=int, empty_value=None, widget=LongSelect
    )
    acte = forms.ChoiceField(label="Acte", required=False, widget=LongSelect)
    du = DayField(label="Depuis le", required=False)
    au = DayField(label="Jusqu'au", required=False)

    def __init__(self, data: Any, *, organisations: Iterable[tuple[int | None, str]]) -> None:
        super().__init__(data)
        offer(self, "organisation", [("", "Toutes"), *organisations])
        acts = sorted(LABELS.items(), key=lambda item: item[1])
        offer(self, "acte", [("", "Tous"), *acts])

    def narrow(self, entries: EntryQuerySet) -> EntryQuerySet:
        """The days are those of Paris, both included."""
        chosen = self.chosen
        if chosen.get("personne"):
            entries = entries.filter(signer__name__icontains=chosen["personne"])
        if chosen.get("objet"):
            entries = entries.filter(subject_label__icontains=chosen["objet"])
        if chosen.get("organisation"):
            entries = entries.filter(organisation_id=chosen["organisation"])
        if chosen.get("acte"):
            entries = entries.filter(act=chosen["acte"])
        if chosen.get("du"):
            entries = entries.filter(at__gte=paris.at(chosen["du"], dt.time(0)))
        if chosen.get("au"):
            entries = entries.filter(at__lt=paris.at(chosen["au"] + ONE_DAY, dt.time(0)))
        return entries
