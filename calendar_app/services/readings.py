"""Of two people who fill in the same page, the second is told, and overwrites nothing unawares.

A form says what it was filled in from by the stamp of the row (`forms.reading`); under the lock of
the row the service compares it with the stamp of now.
"""

from __future__ import annotations

import datetime as dt

from django.core.exceptions import ValidationError

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
    if read != stamp(at):
        told = {"who": who, "what": what, "when": paris.minute(at), "stamp": stamp(at)}
        raise ValidationError(TOLD, code=STALE, params=told)
