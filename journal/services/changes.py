"""An entry that says what a row says, or what changes of it, field by field."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import models

from journal.rules.by import By
from journal.services.entries import write
from segur.lib import paris

Facts = Mapping[str, str]
"""Label of a field → its value in words."""


def facts(row: models.Model, names: Iterable[str]) -> Facts:
    return {_label(row, name): _shown(row, name) for name in names}


def write_change(
    row: models.Model,
    act: str,
    *,
    before: Facts | None,
    after: Facts,
    besides: Iterable[str] = (),
    by: By,
    **entry: Any,
) -> None:
    """Writes nothing where nothing changes. `before` is None for a first act; `besides`: what the
    entry says where no field changes; `entry`: see `entries.write`.
    """
    if before is None:
        lines = [f"{label} : {words}" for label, words in after.items() if words]
    else:
        lines = [
            f"{label} : {before[label] or 'vide'} → {words or 'vide'}"
            for label, words in after.items()
            if words != before[label]
        ] or list(besides)
    if lines or before is None:
        what = "Création" if before is None else "Modification"
        write(row, act, by=by, what=what, note="\n".join(lines), **entry)


def _label(row: models.Model, name: str) -> str:
    field: Any = row._meta.get_field(name)  # noqa: SLF001  (documented by Django)
    label = str(field.verbose_name)
    return f"{label[:1].upper()}{label[1:]}"


def _shown(row: models.Model, name: str) -> str:
    display: Any = getattr(row, f"get_{name}_display", None)
    value = display() if display else getattr(row, name)
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, dt.datetime):
        return paris.short(value)
    return f"{value:%d/%m/%Y}" if isinstance(value, dt.date) else str(value or "")
