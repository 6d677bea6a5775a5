"""Primary keys before their rows: what holds the key of its row is written once."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import connection, models


def next_keys(model: type[models.Model], count: int) -> Iterator[int]:
    """As many keys as rows that the transaction is about to insert with them: nothing else ever
    gets one."""
    table, column = model._meta.db_table, model._meta.pk.column  # noqa: SLF001  (documented)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)",
                [table, column, count],
            )
            return iter([key for (key,) in cursor.fetchall()])
        # SQLite has one writer: the transaction holds the whole database.
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        last = (cursor.fetchone() or (0,))[0]
        return iter(range(last + 1, last + 1 + count))
