"""Saving what has a history: checked, dated, signed."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.db import IntegrityError, models, transaction

if TYPE_CHECKING:
    from accounts.models import User


def save_signed(
    row: models.Model, *, actor: User | None, now: dt.datetime, reason: str = ""
) -> None:
    """Check every rule of the model, then save with who (None: the application), when, and why
    where it is told (100 characters at most), in the history.

    Raises ValidationError, in French. Of two people creating the same thing at the same second, the
    database refuses the second, who then reads the same sentence as if the first had come earlier.
    """
    row.full_clean()
    _sign(row, actor, now)
    row._change_reason = reason  # type: ignore[attr-defined]  # noqa: SLF001  (as below)
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        row.validate_constraints()
        raise


def delete_signed(row: models.Model, *, actor: User | None, now: dt.datetime) -> None:
    """Delete it; its history stays, with who deleted it and when."""
    _sign(row, actor, now)
    row.delete()


def _sign(row: models.Model, actor: User | None, now: dt.datetime) -> None:
    row._history_user = actor  # type: ignore[attr-defined]  # noqa: SLF001  (simple_history's own way)
    row._history_date = now  # type: ignore[attr-defined]  # noqa: SLF001
