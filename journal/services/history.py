"""Saving what has a history: checked, dated, signed."""

from __future__ import annotations

from django.db import IntegrityError, models, transaction

from journal.rules.by import By


def save_signed(row: models.Model, *, by: By, reason: str = "") -> None:
    """Check every rule of the model, then save with who (None: the application), when, and why
    where it is told (100 characters at most), in the history.

    Raises ValidationError, in French. Of two people creating the same thing at the same second, the
    database refuses the second, who then reads the same sentence as if the first had come earlier.
    """
    row.full_clean()
    sign(row, by)
    row._change_reason = reason  # type: ignore[attr-defined]  # noqa: SLF001  (as below)
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        row.validate_constraints()
        raise


def delete_signed(row: models.Model, *, by: By) -> None:
    """Delete it; its history stays, with who deleted it and when."""
    sign(row, by)
    row.delete()


def sign(row: models.Model, by: By) -> None:
    """Give the line that the next saving adds to its history, where it has one, its author."""
    row._history_user = by.user  # type: ignore[attr-defined]  # noqa: SLF001  (simple_history's own way)
    row._history_date = by.at  # type: ignore[attr-defined]  # noqa: SLF001
