"""The history of a solution, a Fournisseur or a prestation, in words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from itertools import pairwise
from typing import Any

from django.db import models

from segur.lib import paris

LATEST = 50


def history_of(row: models.Model, *, only: Collection[str] | None = None) -> list[dict[str, Any]]:
    """Entries of `components/_history.html`, newest first, at most the `LATEST`; with `only`, of
    these fields alone.
    """
    history: Any = row.history  # type: ignore[attr-defined]
    records = list(history.select_related("history_user").order_by("-pk"))
    entries = [_change(new, old, only) for new, old in pairwise(records[: LATEST + 1])]
    if records and len(records) <= LATEST:
        entries.append(_entry(records[-1], "Création", ""))
    return [entry for entry in entries if entry["note"] or entry["what"] == "Création"]


def _change(new: Any, old: Any, only: Collection[str] | None) -> dict[str, Any]:
    labels = {field.name: str(field.verbose_name) for field in new.tracked_fields}
    notes = [
        f"{_capital(labels[change.field])} : {_shown(old, change.field)} → "
        f"{_shown(new, change.field)}"
        for change in new.diff_against(old, included_fields=only).changes
    ]
    if notes and new.history_change_reason:
        notes.append(f"Motif : {new.history_change_reason}")
    return _entry(new, "Modification", "\n".join(notes))


def _entry(record: Any, what: str, note: str) -> dict[str, Any]:
    who = str(record.history_user) if record.history_user else "Application"
    return {"at": record.history_date, "who": who, "what": what, "note": note}


def _shown(record: Any, name: str) -> str:
    display = getattr(record, f"get_{name}_display", None)
    value = display() if display else getattr(record, name)
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, dt.datetime):
        return paris.short(value)
    if isinstance(value, dt.date):
        return f"{value:%d/%m/%Y}"
    return str(value) if value not in (None, "") else "vide"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
