"""Of two people who fill in the same page, the second is told, and overwrites nothing unawares.

A form says what it was filled in from by the stamp of the row (`forms.reading`); under the lock of
the row the service compares it with the stamp of now.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models

from segur.lib import paris

STALE = "stale"
"""Code of the refusal; its params give `stamp`, that of the row as the person is now told it."""

TOLD = (
    "%(who)s a entre-temps %(what)s, %(when)s. Rien n'a été enregistré de votre saisie ; elle est "
    "restée dans la page, sauf les fichiers : relisez, puis recommencez s'il le faut."
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


def _last(row: models.Model) -> Any:
    history: Any = row.history  # type: ignore[attr-defined]
    return history.select_related("history_user").latest("history_id")


def _compare(read: str, present: str, *, at: dt.datetime, who: str, what: str) -> None:
    if read != present:
        told = {"who": who, "what": what, "when": paris.minute(at), "stamp": present}
        raise ValidationError(TOLD, code=STALE, params=told)
