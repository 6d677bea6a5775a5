"""What is recorded of an installation, as entries of the journal that the Fournisseur reads."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import models

from calendar_app.models import Prestation
from documents.models import StoredFile
from journal.rules.by import By
from journal.services.entries import write

Facts = Mapping[str, str]
"""Label of a field → its value in words."""


def facts(row: models.Model, names: Sequence[str]) -> Facts:
    return {_label(row, name): _shown(row, name) for name in names}


def record(
    row: models.Model,
    act: str,
    *,
    prestation: Prestation,
    before: Facts | None,
    after: Facts,
    files: Sequence[StoredFile] = (),
    by: By,
) -> None:
    """Writes what `row` says, or what changes of it; nothing where nothing does. `before` is None
    for a first act."""
    if before is None:
        lines = [f"{label} : {words}" for label, words in after.items() if words]
    else:
        lines = [
            f"{label} : {before[label] or 'vide'} → {words or 'vide'}"
            for label, words in after.items()
            if words != before[label]
        ] or [f"Pièce ajoutée : {file.name}" for file in files]
    if lines or before is None:
        write(
            row,
            act,
            by=by,
            what="Création" if before is None else "Modification",
            note="\n".join(lines),
            label=f"{row} · {prestation}",
            organisation_id=prestation.organisation_id,
        )


def _label(row: models.Model, name: str) -> str:
    field: Any = row._meta.get_field(name)  # noqa: SLF001  (documented by Django)
    label = str(field.verbose_name)
    return f"{label[:1].upper()}{label[1:]}"


def _shown(row: models.Model, name: str) -> str:
    display: Any = getattr(row, f"get_{name}_display", None)
    value = display() if display else getattr(row, name)
    return f"{value:%d/%m/%Y}" if isinstance(value, dt.date) else str(value or "")
