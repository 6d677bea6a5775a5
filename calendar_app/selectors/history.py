"""The history of a solution, a Fournisseur or a prestation, in words."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise
from typing import Any

from calendar_app.models import Prestation, Solution, Supplier

LATEST = 50


def history_of(row: Solution | Supplier | Prestation) -> list[dict[str, Any]]:
    """Entries of `components/_history.html`, newest first, at most the `LATEST`."""
    history: Any = row.history
    records = list(history.select_related("history_user").order_by("-pk"))
    entries = [_change(new, old) for new, old in pairwise(records[: LATEST + 1])]
    if records and len(records) <= LATEST:
        entries.append(_entry(records[-1], "Création", ""))
    return [entry for entry in entries if entry["note"] or entry["what"] == "Création"]


def _change(new: Any, old: Any) -> dict[str, Any]:
    labels = {field.name: str(field.verbose_name) for field in new.tracked_fields}
    notes = [
        f"{_capital(labels[change.field])} : {_shown(old, change.field)} → "
        f"{_shown(new, change.field)}"
        for change in new.diff_against(old).changes
    ]
    return _entry(new, "Modification", "\n".join(notes))


def _entry(record: Any, what: str, note: str) -> dict[str, Any]:
    who = str(record.history_user) if record.history_user else "Application"
    return {"at": record.history_date, "who": who, "what": what, "note": note}


def _shown(record: Any, name: str) -> str:
    display = getattr(record, f"get_{name}_display", None)
    value = display() if display else getattr(record, name)
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, dt.date):
        return f"{value:%d/%m/%Y}"
    return str(value) if value not in (None, "") else "vide"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
