"""Forms that say what they were filled in from."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.db import models

from calendar_app.services.readings import fields_stamp


class ReadingForm(forms.Form):
    """`read` is the stamp of what the page showed: see `services.readings`."""

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
