"""A file to check, CSV or XLSX."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile

from documents.reading.records import MAX_BYTES
from segur.lib.numbers import whole


class FileForm(forms.Form):
    file = forms.FileField(
        label="Fichier CSV ou XLSX",
        error_messages={
            "required": "Choisissez un fichier.",
            "empty": "Le fichier est vide.",
            "invalid": "Choisissez un fichier.",
        },
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,text/csv,.xlsx"}),
    )

    def __init__(self, *args: Any, most: int = 20_000) -> None:
        """`most`: the lines that the file may have."""
        super().__init__(*args)
        limits = f"{whole(most)} lignes et 5 Mo au plus."
        self.fields["file"].help_text = f"{limits} Rien n'est enregistré avant votre accord."

    def clean_file(self) -> UploadedFile[Any]:
        upload: UploadedFile[Any] = self.cleaned_data["file"]
        if (upload.size or 0) > MAX_BYTES:
            limit = MAX_BYTES // 1024**2
            raise ValidationError(f"Le fichier dépasse {limit} Mo : coupez-le en plusieurs.")
        return upload
