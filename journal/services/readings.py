"""A save based on a stale page is refused, with who saved what and when.

A form carries the stamp of the row that it was filled in from (`forms.reading`); the service
compares it, under the lock of the row, with the present stamp.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models

from segur.lib import paris

STALE = "stale"
"""Code of the refusal; its params give `stamp`, that of the row as the person is now told it."""

TOLD = (
    "%(who)s a entre-temps %(what)s, %(when)s. Rien n'a été enregistré de votre saisie ; elle est "
    "restée dans la page : relisez, puis recommencez s'il le faut."
)


def stamp(at: dt.datetime | None) -> str:
    return at.isoformat() if at else ""


def check_reading(read: str, *, at: dt.datetime, who: str, what: str) -> None:
    """`what`: a past participle and its object, «modifié ce portail». Raises ValidationError."""
    _compare(read, stamp(at), at=at, who=who, what=what)


def history_stamp(row: models.Model) -> str:
    """The stamp of a row that has a history: the number of its last line."""
    return str(_last(row).history_id)


def check_history(read: str, row: models.Model, *, what: str) -> None:
    """`check_reading` of a row that has a history, already locked."""
    last = _last(row)
    who = str(last.history_user or "L'application")
    _compare(read, str(last.history_id), at=last.history_date, who=who, what=what)


def fields_stamp(row: models.Model, names: Iterable[str]) -> str:
    """The stamp of what a row says in these fields. A form that edits only them is stale when they
    have changed, not when another person has changed the rest of the row.
    """
    values = repr(_values(row, sorted(names)))
    return hashlib.sha256(values.encode()).hexdigest()[:16]


def check_fields(read: str | None, row: models.Model, names: Iterable[str], *, what: str) -> None:
    """`check_reading` of these fields of a locked row that has a history; nothing for None."""
    kept = sorted(names)
    present = fields_stamp(row, kept)
    if read is None or read == present:
        return
    line = _last_change(row, kept)
    who = str(line.history_user or "L'application")
    _compare(read, present, at=line.history_date, who=who, what=what)


def _values(row: models.Model, names: list[str]) -> list[str]:
    fields: Any = row._meta  # noqa: SLF001  (documented by Django)
    return [fields.get_field(name).value_to_string(row) for name in names]


def _last_change(row: models.Model, names: list[str]) -> Any:
    """The line of the history that gave these fields their present values."""
    history: Any = row.history  # type: ignore[attr-defined]
    lines = history.select_related("history_user").order_by("-history_id")
    found = lines[0]
    for line in lines:
        if _values(line, names) != _values(row, names):
            break
        found = line
    return found


def _last(row: models.Model) -> Any:
    history: Any = row.history  # type: ignore[attr-defined]
    return history.select_related("history_user").latest("history_id")


def _compare(read: str, present: str, *, at: dt.datetime, who: str, what: str) -> None:
    if read != present:
        told = {"who": who, "what": what, "when": paris.minute(at), "stamp": present}
        raise ValidationError(TOLD, code=STALE, params=told)
