"""Nothing of the journal is changed nor removed: triggers of the database refuse it.

They are put in place after each migration. `lifted` is the one way round them, for what has to
empty a table: the tests that commit, and a restore over a database that is not empty.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction

TABLES = ("journal_entry", "journal_mention", "journal_release", "journal_link")
REFUSED = "journal: append-only"
_lifted = [0]


def install(**_signal: Any) -> None:
    """Put the triggers in place, again after a migration that has rebuilt a table."""
    with connection.cursor() as cursor:
        for statement in _STATEMENTS[connection.vendor]():
            cursor.execute(statement)


def prepare_connection(connection: Any, **_signal: Any) -> None:
    """On SQLite the triggers ask this process: another program cannot change the journal at all."""
    if connection.vendor == "sqlite":
        connection.connection.create_function("segur_journal_lifted", 0, lambda: _lifted[0])


@contextmanager
def lifted() -> Iterator[None]:
    """In this process, or in the transaction that it opens, the journal can be emptied."""
    _lifted[0] += 1
    try:
        if connection.vendor == "postgresql":
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("SET LOCAL segur.journal_lifted = '1'")
                yield
        else:
            yield
    finally:
        _lifted[0] -= 1


def _postgresql() -> Iterator[str]:
    yield f"""
        CREATE OR REPLACE FUNCTION journal_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF current_setting('segur.journal_lifted', true) = '1' THEN
                IF TG_OP = 'UPDATE' THEN RETURN NEW; END IF;
                RETURN OLD;
            END IF;
            RAISE EXCEPTION '{REFUSED}';
        END $$
    """
    for table in TABLES:
        for name, when in (
            ("row", "BEFORE UPDATE OR DELETE ON {} FOR EACH ROW"),
            ("all", "BEFORE TRUNCATE ON {} FOR EACH STATEMENT"),
        ):
            yield f"DROP TRIGGER IF EXISTS {table}_{name} ON {table}"
            yield (
                f"CREATE TRIGGER {table}_{name} {when.format(table)} "
                "EXECUTE FUNCTION journal_append_only()"
            )


def _sqlite() -> Iterator[str]:
    for table in TABLES:
        for event in ("UPDATE", "DELETE"):
            yield f"""
                CREATE TRIGGER IF NOT EXISTS {table}_{event.lower()} BEFORE {event} ON {table}
                WHEN segur_journal_lifted() = 0
                BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END
            """


_STATEMENTS = {"postgresql": _postgresql, "sqlite": _sqlite}
