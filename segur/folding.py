"""For migrations: gives the identifiers kept before `segur.fields` the form that it compares."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Model

logger = logging.getLogger(__name__)

Forms = Mapping[str, Callable[[str], str]]
Taken = Callable[[Any, dict[str, str]], None]


def fold_rows(model: type[Model], forms: Forms, *, taken: Taken | None = None) -> None:
    """Field → form, for each row. A row that would then repeat another is handed to `taken`;
    without it, the row stays as it is and the log names it.
    """
    rows = model._base_manager  # noqa: SLF001
    for row in list(rows.order_by("pk")):
        new = {name: form(getattr(row, name) or "") for name, form in forms.items()}
        changed = {name: text for name, text in new.items() if text != (getattr(row, name) or "")}
        if not changed:
            continue
        try:
            with transaction.atomic():
                rows.filter(pk=row.pk).update(**changed)
        except IntegrityError:
            (taken or _named)(row, changed)


def _named(row: Any, changed: dict[str, str]) -> None:
    fields = ", ".join(f"{name} {getattr(row, name)!a}" for name in changed)
    logger.warning(
        "%s %s keeps %s: without its invisible characters another row has the same. Correct one.",
        row._meta.label,  # noqa: SLF001
        row.pk,
        fields,
    )
