"""The whole database as one file, and back: SQLite by its own copy, PostgreSQL by its own tools."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured
from django.db import connection, transaction
from django.db.backends.postgresql.client import DatabaseClient

DUMP_NAMES = {"sqlite": "database.sqlite3", "postgresql": "database.dump"}
DEBIAN = Path("/usr/lib/postgresql")


class DumpError(Exception):
    """A tool of PostgreSQL refused; its words."""


def dump(target: Path, names_query: str) -> set[str]:
    """Write the database as it is at one instant, while others write; return the files that its
    rows name at that same instant.
    """
    if connection.vendor == "sqlite":
        file = str(connection.settings_dict["NAME"])
        with closing(sqlite3.connect(file)) as source, closing(sqlite3.connect(target)) as copy:
            source.backup(copy)  # in one step: one reading transaction, which keeps nobody waiting
            return {name for (name,) in copy.execute(names_query)}
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
        cursor.execute(names_query)
        names = {name for (name,) in cursor.fetchall()}
        cursor.execute("SELECT pg_export_snapshot()")
        snapshot = cursor.fetchone()[0]
        options = ["--format=custom", "--no-owner", "--no-privileges", f"--snapshot={snapshot}"]
        _run("pg_dump", *options, f"--file={target}")
    return names


def is_empty() -> bool:
    if connection.vendor == "sqlite" and not Path(str(connection.settings_dict["NAME"])).exists():
        return True
    return not connection.introspection.table_names()


def load(source: Path) -> None:
    """Into an empty database, all or nothing."""
    if connection.vendor == "sqlite":
        _replace_file(source, Path(str(connection.settings_dict["NAME"])))
        return
    options = ["--no-owner", "--no-privileges", "--no-comments", "--exit-on-error"]
    _run("pg_restore", *options, "--single-transaction", str(source))


def faults_of(source: Path) -> list[str]:
    """What a reading of the file itself finds wrong with it."""
    if source.name == DUMP_NAMES["sqlite"]:
        with closing(sqlite3.connect(source)) as copy:
            found = [words for (words,) in copy.execute("PRAGMA integrity_check")]
        return [] if found == ["ok"] else found
    answer = subprocess.run(
        [_tool("pg_restore"), "--list", str(source)], capture_output=True, text=True, check=False
    )
    return [answer.stderr.strip()] if answer.returncode else []


def _replace_file(source: Path, target: Path) -> None:
    """The empty file that opening the connection has made goes, with its journal."""
    connection.close()
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.with_name(f"{target.name}.partial")
    shutil.copyfile(source, partial)
    for suffix in ("-wal", "-shm"):
        target.with_name(target.name + suffix).unlink(missing_ok=True)
    partial.replace(target)


def _run(tool: str, *options: str) -> None:
    """With the address of the settings, as `manage.py dbshell` gives it to psql."""
    arguments, extra = DatabaseClient.settings_to_cmd_args_env(connection.settings_dict, [])
    *address, name = arguments[1:]
    command = [_tool(tool), *address, f"--dbname={name}", *options]
    environment = {**os.environ, **(extra or {})}
    answer = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if answer.returncode:
        raise DumpError(f"{tool} : {answer.stderr.strip()}")


def _tool(name: str) -> str:
    """The newest of Debian's, which reads what any older server has written; else of the PATH."""
    found = sorted(DEBIAN.glob(f"*/bin/{name}"), key=lambda path: float(path.parts[-3]))
    tool = str(found[-1]) if found else shutil.which(name)
    if not tool:
        raise ImproperlyConfigured(
            f"« {name} » manque sur cette machine : installez le client de PostgreSQL "
            "(paquet postgresql-client), de la version du serveur ou plus récent."
        )
    return tool
