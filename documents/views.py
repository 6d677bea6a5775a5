"""Files that were kept, given back; what is said of those that came with a form."""

from django import forms
from django.contrib import messages
from django.http import FileResponse, HttpRequest

from documents.forms import said_of_files
from documents.models import StoredFile


def download(found: StoredFile, *, inline: bool = False) -> FileResponse:
    """The file, byte for byte; `inline`, for what was checked to be a PDF, shows it in the page."""
    return FileResponse(
        found.file.open("rb"),
        as_attachment=not inline,
        filename=found.name,
        content_type=found.content_type,
    )


def say_joined_once(request: HttpRequest, form: forms.BaseForm) -> int:
    """Returns how many files were not stored, since they are joined already."""
    said = said_of_files(form)
    for words in said:
        messages.info(request, words)
    return len(said)
