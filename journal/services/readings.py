"""A save based on a stale page is refused, with who saved what and when; so is the confirmation of
an act that would change something else than what its page showed.

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
from django.utils import timezone

from journal.models import Entry
from journal.rules.by import APPLICATION
from segur.lib import paris

STALE = "stale"
"""Code of the refusal; its params give `stamp`, that of the row as the person now reads it."""

CHANGED = (
    "%(who)s a entre-temps %(what)s, %(when)s. Rien n'a été enregistré de votre saisie ; elle est "
    "restée dans la page : relisez, puis recommencez s'il le faut."
)

MOVED = (
    "Ce qui changerait n'est plus ce que la page montrait : rien n'est enregistré. Vérifiez à "
    "nouveau."
)


def stamp(at: dt.datetime | None) -> str:
    return at.isoformat() if at else ""


def check_reading(read: str, *, at: dt.datetime, who: str, what: str) -> None:
    """`what`: a past participle and its object, «modifié ce portail». Raises ValidationError."""
    _compare(read, stamp(at), at=at, who=who, what=what)


def fields_stamp(row: models.Model, names: Iterable[str]) -> str:
    """The stamp of what a row says in these fields. A form that edits only them is stale when they
    have changed, not when another person has changed the rest of the row.
    """
    values = repr(_values(row, sorted(names)))
    return hashlib.sha256(values.encode()).hexdigest()[:16]


def check_fields(read: str | None, row: models.Model, names: Iterable[str], *, what: str) -> None:
    """`check_reading` of these fields of a locked row; nothing for None. Who changed them is the
    author of the last entry that names one of them.
    """
    names = sorted(names)
    present = fields_stamp(row, names)
    if read is None or read == present:
        return
    entries = Entry.objects.of(row).select_related("signer").order_by("-pk")
    line = entries.filter(after__has_any_keys=names).first() or entries.first()
    who = str(line.signer) if line and line.signer.name != APPLICATION else "L'application"
    _compare(read, present, at=line.at if line else timezone.now(), who=who, what=what)


def effects_stamp(*effects: Any) -> str:
    """Of what an act in two steps changes, in values that do not depend on the hour."""
    return hashlib.sha256(repr(effects).encode()).hexdigest()[:16]


def check_effects(read: str | None, present: str) -> None:
    """`read`: the stamp on the page of the first step, None where nobody read one. Raises
    ValidationError; in the transaction of the act, which is then undone."""
    if read is not None and read != present:
        raise ValidationError(MOVED)


def _values(row: models.Model, names: list[str]) -> list[str]:
    fields: Any = row._meta  # noqa: SLF001  (documented by Django)
    return [fields.get_field(name).value_to_string(row) for name in names]


def _compare(read: str, present: str, *, at: dt.datetime, who: str, what: str) -> None:
    if read != present:
        params = {"who": who, "what": what, "when": paris.minute(at), "stamp": present}
        raise ValidationError(CHANGED, code=STALE, params=params)
