"""Forms that say what they were filled in from."""

from __future__ import annotations

from typing import Any

from django import forms


class ReadingForm(forms.Form):
    """`read` is the stamp of what the page showed: see `services.readings`."""

    read = forms.CharField(widget=forms.HiddenInput, required=False)

    def read_again(self, stamp: str) -> None:
        """The person has been told what the row now says: what is typed may replace it."""
        data: Any = self.data
        self.data = data = data.copy()
        data["read"] = stamp
