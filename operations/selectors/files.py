"""Which files the rows of the database name, and which are stored."""

from __future__ import annotations

from collections.abc import Iterator

from django.apps import apps
from django.core.files.storage import default_storage
from django.db import connection
from django.db.models import FileField

from documents.services.held import FOLDER as HELD


def names_query() -> str:
    """SQL: the name of each file of any row of any model. Plain enough for a bare copy of the
    database to answer it."""
    quote = connection.ops.quote_name
    columns = [
        (quote(model._meta.db_table), quote(str(field.column)))
        for model in apps.get_models()
        for field in model._meta.local_concrete_fields
        if isinstance(field, FileField)
    ]
    return " UNION ".join(
        f"SELECT {column} FROM {table} WHERE {column} <> ''"  # noqa: S608  (names of our models)
        for table, column in columns
    )


def stored_names(folder: str = "") -> Iterator[str]:
    """All that the storage has, but what is held for a form that comes back within hours."""
    try:
        folders, files = default_storage.listdir(folder)
    except FileNotFoundError:
        return
    prefix = f"{folder}/" if folder else ""
    yield from (prefix + name for name in files if name)
    for name in folders:
        if prefix + name != HELD:
            yield from stored_names(prefix + name)
