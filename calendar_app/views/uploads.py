"""What is said of the files that came with a form."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpRequest

from calendar_app.forms.errors import said_of_files


def say_joined_once(request: HttpRequest, form: forms.BaseForm) -> int:
    """Returns how many files were not stored, since they are joined already."""
    said = said_of_files(form)
    for words in said:
        messages.info(request, words)
    return len(said)
