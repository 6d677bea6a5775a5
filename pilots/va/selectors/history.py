"""History of the installation, as a page shows it."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import models

from journal.selectors.history import history_of


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
