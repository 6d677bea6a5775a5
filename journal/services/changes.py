"""Saving what people edit, and the entry that says what changes, field by field."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import IntegrityError, models, transaction
from django.utils.text import capfirst

from journal.models import Tracked
from journal.querysets import CREATE, EDIT, act_of
from journal.rules.by import By
from journal.services.acts import lock_rows
from journal.services.entries import write, write_each
from journal.services.readings import check_fields
from segur.lib import paris

BATCH = 1000
Facts = Mapping[str, str]
"""Label of a field → its value in words."""


def save_checked(row: models.Model) -> None:
    """Check every rule of the model, then save. Raises ValidationError, in French.

    Of two people creating the same thing at the same second, the database refuses the second, who
    then reads the same sentence as if the first had come earlier.
    """
    row.full_clean()
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        row.validate_constraints()
        raise


def save_tracked(row: Tracked, *, by: By, reason: str = "", label: str = "") -> None:
    """`save_checked`, then one entry: the creation, or what changes of the `tracked` fields, and
    why. Nothing is written where none of them changes.
    """
    rows = type(row)._default_manager  # noqa: SLF001  (documented by Django)
    stored = rows.filter(pk=row.pk).first() if row.pk else None
    save_checked(row)
    if stored is None:
        write_creation(row, by=by, label=label)
    elif change := _change(row, stored, reason):
        write(row, act_of(row, EDIT), by=by, label=label, **change)


def save_all_tracked(rows: Sequence[Tracked], *, by: By) -> None:
    """`save_tracked` of many rows of one model, already checked and the stored ones locked, in a
    number of queries that follows batches: the rows created share one entry for each organisation
    that reads it, each row changed has its own. Raises IntegrityError.
    """
    if not rows:
        return
    manager: Any = type(rows[0])._default_manager  # noqa: SLF001  (documented by Django)
    stored = manager.in_bulk([row.pk for row in rows if row.pk])
    changed = [row for row in rows if row.pk]
    names = [field.name for field in _fields(rows[0]) if not field.primary_key]
    manager.bulk_create(
        changed,
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=["pk"],
        update_fields=names,
    )
    edits = ((row, _change(row, stored[row.pk], "")) for row in changed)
    write_each(act_of(rows[0], EDIT), ((row, change) for row, change in edits if change), by=by)
    of_reader: dict[Any, list[Tracked]] = {}
    for row in manager.bulk_create([row for row in rows if not row.pk], batch_size=BATCH):
        of_reader.setdefault(getattr(row, "organisation_id", None), []).append(row)
    for many in of_reader.values():
        write_creation(many[0], by=by, many=many)


def _fields(row: Tracked) -> Any:
    return row._meta.concrete_fields  # noqa: SLF001  (documented by Django)


def _change(row: Tracked, stored: Tracked, reason: str) -> dict[str, Any] | None:
    """What an entry says of a row that was edited; None where nothing changes."""
    old, new = values(stored), values(row)
    changed = [name for name in sorted(row.tracked) if old[name] != new[name]]
    if not changed:
        return None
    notes = [
        f"{_label(row, name)} : {shown_of(stored, name) or 'vide'} → "
        f"{shown_of(row, name) or 'vide'}"
        for name in changed
    ]
    return {
        "what": "Modification",
        "note": "\n".join([*notes, f"Motif : {reason}"] if reason else notes),
        "before": {name: old[name] for name in changed},
        "after": {name: new[name] for name in changed},
    }


def write_creation(
    row: Tracked, *, by: By, label: str = "", many: Sequence[models.Model] = ()
) -> None:
    """`many`: rows created together, of which `row` is the first."""
    after = {} if many else values(row)
    write(row, act_of(row, CREATE), by=by, what="Création", label=label, after=after, many=many)


def values(row: Tracked) -> dict[str, str]:
    """The tracked fields, as the journal keeps them."""
    fields: Any = row._meta  # noqa: SLF001  (as above)
    return {name: fields.get_field(name).value_to_string(row) for name in row.tracked}


def facts(row: models.Model, names: Iterable[str]) -> Facts:
    return {_label(row, name): shown_of(row, name) for name in names}


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


def save_edited(
    row: models.Model, name: str, fields: Sequence[str], *, read: str | None, by: By
) -> None:
    """Add or change a row that is not `Tracked`: `save_checked`, then `write_change` of these
    fields, as `<name>.create` or `<name>.update`. `read`: their stamp as the page showed them, None
    for an act that shows none. Raises ValidationError.
    """
    rows = type(row)._default_manager  # noqa: SLF001  (documented by Django)
    known = lock_rows(rows.filter(pk=row.pk)).first()
    if known:
        check_fields(read, known, fields, what="modifié cette ligne")
    before = facts(known, fields) if known else None
    save_checked(row)
    act = f"{name}.update" if known else f"{name}.create"
    write_change(row, act, before=before, after=facts(row, fields), by=by)


def _label(row: models.Model, name: str) -> str:
    field: Any = row._meta.get_field(name)  # noqa: SLF001  (documented by Django)
    return capfirst(str(field.verbose_name))


def shown_of(row: models.Model, name: str) -> str:
    """The value of a field in words."""
    display: Any = getattr(row, f"get_{name}_display", None)
    value = display() if display else getattr(row, name)
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, dt.datetime):
        return paris.short(value)
    if isinstance(value, dt.date):
        return f"{value:%d/%m/%Y}"
    return "" if value is None else str(value)
