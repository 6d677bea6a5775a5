"""What the test database holds: the data of a new site, or the demonstration at an instant.

Each content is made once and kept; a test that finds another one gets a copy, in a tenth of a
second.
"""

import datetime as dt
import fcntl
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any, Protocol

import pytest
import time_machine
from django.core.management import call_command
from django.db import connection, connections, transaction
from django.test import override_settings

EMPTY = "empty"
"""What `manage.py prepare` gives a new site."""


class Copies(Protocol):
    """Whole copies of the test database, made outside any transaction."""

    def keep(self, name: str) -> None: ...
    def restore(self, name: str) -> None: ...
    def remember(self, name: str) -> None:
        """For `undo`, while the database is as this copy."""

    def undo(self, name: str) -> None:
        """What tests have changed since then."""

    def end(self) -> None: ...


class FileCopies:
    """SQLite, in memory: each copy is a file, `NAME.sqlite3` in this folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def keep(self, name: str) -> None:
        connection.ensure_connection()
        with self._file(name) as kept:
            connection.connection.backup(kept)

    def restore(self, name: str) -> None:
        connection.ensure_connection()
        with self._file(name) as kept:
            kept.backup(connection.connection)

    def remember(self, name: str) -> None:
        """Nothing: the file is enough."""

    undo = restore

    def end(self) -> None:
        """Nothing: the folder goes with the run."""

    @contextmanager
    def _file(self, name: str) -> Iterator[sqlite3.Connection]:
        kept = sqlite3.connect(self.folder / f"{name}.sqlite3")
        try:
            yield kept
        finally:
            kept.close()


class TemplateCopies:
    """PostgreSQL: each copy is a database of the server, a template for the next one. A template is
    a thousand files: a test that has only changed rows has the tables compared, and its own put
    right.
    """

    def __init__(self) -> None:
        self.rows: dict[str, dict[str, bytes]] = {}
        """Copy → table → its rows, as PostgreSQL writes them."""

    def keep(self, name: str) -> None:
        self._copy(connection.settings_dict["NAME"], self.name(name))

    def restore(self, name: str) -> None:
        self._copy(self.name(name), connection.settings_dict["NAME"])

    def remember(self, name: str) -> None:
        if name not in self.rows:
            tables = connection.introspection.table_names()
            with connection.cursor() as cursor:
                self.rows[name] = {table: _rows(cursor, table) for table in tables}

    def undo(self, name: str) -> None:
        self.end()
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL session_replication_role = replica")  # no trigger, no key
            for table, rows in self.rows[name].items():
                if _rows(cursor, table) != rows:
                    cursor.execute(f'DELETE FROM "{table}"')  # noqa: S608
                    with cursor.copy(f'COPY "{table}" FROM STDIN') as copy:
                        copy.write(rows)

    def end(self) -> None:
        """What a thread or a server of the last tests left open keeps nobody from dropping it."""
        database: Any = connections["default"]
        database.close()
        database.close_pool()
        with database._nodb_cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE datname = %s",
                [connection.settings_dict["NAME"]],
            )

    @staticmethod
    def name(name: str) -> str:
        return f"tests_{name}"

    def _copy(self, source: str, target: str) -> None:
        database: Any = connections["default"]
        database.close()
        database.close_pool()  # a template has no other client
        with database._nodb_cursor() as cursor:
            cursor.execute(f'DROP DATABASE IF EXISTS "{target}" WITH (FORCE)')
            cursor.execute(f'CREATE DATABASE "{target}" TEMPLATE "{source}"')


def _rows(cursor: Any, table: str) -> bytes:
    with cursor.copy(f'COPY "{table}" TO STDOUT') as copy:
        return b"".join(copy)


def copies_in(folder: Path) -> Copies:
    """Of the database that the tests use."""
    return FileCopies(folder) if connection.vendor == "sqlite" else TemplateCopies()


class Contents:
    """Of the database of this process, and of a folder of files. The processes of pytest share the
    demonstrations: the first that needs an instant makes it, the others wait for it.
    """

    def __init__(self, blocker: Any, files: Path, shared: Path) -> None:
        self.blocker = blocker
        self.files = files
        self.shared = shared
        self.copies = copies_in(shared)
        self.empty = f"{EMPTY}_{files.parent.name}"
        self.current = self.empty
        self.is_changed = False
        self.copies.keep(self.empty)
        self.copies.remember(self.empty)

    def has_changed(self) -> None:
        """A test has committed: the next one finds the content as it was."""
        self.is_changed = True

    def want_empty(self) -> None:
        self._want(self.empty)

    def want_demonstration(self, at: dt.datetime | None) -> None:
        """As it is at this instant, now for None."""
        name = name_of(at)
        if self.current == name and not self.is_changed:
            return
        with locked(self.shared / f"{name}.lock"):
            if not (self.shared / name).exists():
                self.want_empty()
                self._make(name, at)
        self._want(name)
        shutil.copytree(self.shared / name, self.files, dirs_exist_ok=True)

    def _want(self, name: str) -> None:
        with self.blocker.unblock():
            if self.current != name:
                self.copies.restore(name)
                self.copies.remember(name)
            elif self.is_changed:
                self.copies.undo(name)
        self.current, self.is_changed = name, False

    def _make(self, name: str, at: dt.datetime | None) -> None:
        files = self.shared / f"{name}.part"
        clock = time_machine.travel(at, tick=False) if at else nullcontext()
        with self.blocker.unblock():
            with clock, override_settings(MEDIA_ROOT=files), transaction.atomic():
                call_command("demo", verbosity=0)
                connection.run_on_commit.clear()  # no test has sent these mails
            self.copies.keep(name)
        files.rename(self.shared / name)
        self.current = ""


def name_of(at: dt.datetime | None) -> str:
    return f"demonstration_{at:%Y%m%d_%H%M%S}" if at else "demonstration"


CONTENTS = pytest.StashKey[Contents]()
"""Of the test database, once the first test that needs it has made it."""


@contextmanager
def locked(path: Path) -> Iterator[None]:
    with path.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
