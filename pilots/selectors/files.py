"""Files and history of the installation, as a page shows them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db import models
from django.urls import reverse

from calendar_app.models.files import StoredFile
from calendar_app.selectors.history import history_of


def file_lines(files: Iterable[StoredFile], address: str) -> list[dict[str, Any]]:
    """Entries of `components/_file_line.html`; `address` names the download of one file."""
    return [
        {
            "name": file.name,
            "size": file.size,
            "sha256": file.sha256,
            "url": reverse(address, args=[file.pk]),
            "uploaded_at": file.uploaded_at,
            "by": file.uploaded_by_name,
            "version": None,
            "superseded": False,
        }
        for file in files
    ]


def told(row: models.Model, *names: str) -> list[dict[str, Any]]:
    """Entries of `components/_history.html`; the first act says what it set, as the others do."""
    entries = history_of(row, only=names)
    if entries and entries[-1]["what"] == "Création":
        history: Any = row.history  # type: ignore[attr-defined]
        first = history.earliest()
        entries[-1]["note"] = "\n".join(
            _said(first, name) for name in names if getattr(first, name)
        )
    return entries


def _said(record: Any, name: str) -> str:
    label = str(record._meta.get_field(name).verbose_name)  # noqa: SLF001  (Django's own way)
    display = getattr(record, f"get_{name}_display", None)
    value = display() if display else getattr(record, name)
    text = f"{value:%d/%m/%Y}" if isinstance(value, dt.date) else value
    return f"{label[:1].upper()}{label[1:]} : {text}"
