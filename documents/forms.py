"""Form fields of files, each upload with its own fate."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile

from documents.services.fates import fate_of, joined_once
from documents.services.held import HeldUpload, hold, take
from documents.services.uploads import ACCEPTED, CONTENT_TYPES


class FilesInput(forms.FileInput):
    """Several files. What a browser may check before sending stands in its attributes
    (`segur/files.js`); those held from a sending that was refused are listed above it.
    """

    allow_multiple_selected = True
    template_name = "forms/files.html"
    held: Sequence[HeldUpload] = ()

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[Any]:
        """The uploads, and the token of each file held."""
        tokens = data.getlist(f"{name}_held") if hasattr(data, "getlist") else []
        found = super().value_from_datadict(data, files, name) or []
        return [*(found if isinstance(found, list) else [found]), *tokens]

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        limits = {
            "accept": ",".join(CONTENT_TYPES),
            "data-max-files": settings.DATA_UPLOAD_MAX_NUMBER_FILES,
            "data-max-bytes": settings.PROOF_MAX_BYTES,
            "data-max-total": settings.UPLOAD_MAX_TOTAL_BYTES,
        }
        context: dict[str, Any] = super().get_context(name, value, {**limits, **(attrs or {})})
        context["widget"]["held"] = self.held
        return context


class FileInput(FilesInput):
    """One file. A new one stands before the one held."""

    allow_multiple_selected = False


class ProofsField(forms.FileField):
    """Several files in one go, each with its own fate → a list, empty when there is none.

    One that `check` refuses is a sentence at the field. `kept` are the accepted ones, also when
    another was refused: the view keeps them, or `hold` does.
    """

    widget = FilesInput

    def __init__(
        self,
        *,
        kinds: str = ACCEPTED,
        check: Callable[[UploadedFile[Any]], object] = fate_of,
        hint: str = "",
        **kwargs: Any,
    ) -> None:
        """`hint`: the text before the kinds and the limits."""
        help_text = f"{hint} {kinds}. {self.limits()}".strip()
        super().__init__(**{"label": "Pièces", "help_text": help_text, **kwargs})
        self.check = check
        self.kept: list[UploadedFile[Any]] = []

    def limits(self) -> str:
        sizes = (settings.PROOF_MAX_BYTES, settings.UPLOAD_MAX_TOTAL_BYTES)
        size, total = (number // 1024**2 for number in sizes)
        count = settings.DATA_UPLOAD_MAX_NUMBER_FILES
        return f"{size} Mo au plus par fichier ; {count} fichiers et {total} Mo au plus par envoi."

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile[Any]]:
        self.kept, errors = [], []
        for sent in data or ():
            try:
                upload = take(sent) if isinstance(sent, str) else sent
                self.check(upload)
            except ValidationError as error:
                errors.append(error)
            else:
                self.kept.append(upload)
        if errors:
            raise ValidationError(errors)
        if not self.kept:
            super().clean(None, initial)
        return self.kept

    def hold(self) -> None:
        """For the next sending of this form."""
        self.widget.held = hold(self.kept)

    def remarks(self) -> list[str]:
        """A sentence for each file that was not stored, since it is joined already."""
        return joined_once(self.kept)


class ProofField(ProofsField):
    """One required file, of those that `ProofsField` accepts."""

    widget = FileInput

    def limits(self) -> str:
        return f"{settings.PROOF_MAX_BYTES // 1024**2} Mo au plus."

    def clean(self, data: Any, initial: Any = None) -> Any:
        [upload] = super().clean(data[:1], initial)
        return upload
