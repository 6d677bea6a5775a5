"""An index that finds any part of a text: trigrams on PostgreSQL, none such on SQLite."""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.indexes import GinIndex
from django.db import connections, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.backends.ddl_references import Statement


class TrigramIndex(models.Index):
    """`LIKE '%part%'` reads it where the part has three letters or more. On SQLite it is an
    ordinary index: there the rows are read one by one.
    """

    suffix = "trgm"

    def create_sql(
        self,
        model: type[models.Model],
        schema_editor: BaseDatabaseSchemaEditor,
        using: str = "",
        **kwargs: Any,
    ) -> Statement:
        if schema_editor.connection.vendor != "postgresql":
            return super().create_sql(model, schema_editor, using, **kwargs)
        opclasses = ["gin_trgm_ops"] * len(self.fields)
        index = GinIndex(fields=self.fields, name=self.name, opclasses=opclasses)
        return index.create_sql(model, schema_editor, **kwargs)


def install(using: str = "default", **_signal: Any) -> None:
    """Before any migration. The owner of the database may: the extension is a trusted one."""
    connection = connections[using]
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
