"""Locking a row for an act."""

from __future__ import annotations

from typing import TypeVar

from django.db import models

M = TypeVar("M", bound=models.Model)


def lock_row(row: M, *related: str, rows: models.QuerySet[M] | None = None) -> M:
    """The row as it is now, kept from other writers until the transaction ends; with the relations
    named, or as `rows` reads it.

    `no_key`: rows that only refer to it neither wait nor cross this lock.
    """
    if rows is None:
        everything = type(row)._default_manager.all()  # noqa: SLF001  (Django's own name)
        rows = everything.select_related(*related) if related else everything
    found: M = rows.select_for_update(of=("self",), no_key=True).get(pk=row.pk)
    return found
