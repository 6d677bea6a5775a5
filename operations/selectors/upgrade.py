"""What bringing this database up to this version of the code would do. Only reads."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.db import connection
from django.db.migrations import Migration
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader

from operations.rules.locks import REWRITES, is_slow, who_waits


@dataclass(frozen=True)
class UpgradeStep:
    """One operation of a migration to come; `rows` and `size` (bytes) of its table, 0 for none."""

    migration: str
    operation: str
    what: str
    table: str
    rows: int
    size: int

    @property
    def waits(self) -> str:
        return who_waits(self.operation)

    @property
    def is_slow(self) -> bool:
        return is_slow(self.operation, self.rows)

    @property
    def extra_bytes(self) -> int:
        return self.size if self.operation in REWRITES else 0


def is_ahead() -> bool:
    """Whether a later version has migrated this database already."""
    loader = MigrationLoader(connection)
    return any(key not in loader.disk_migrations for key in own_migrations(loader))


def own_migrations(loader: MigrationLoader) -> list[tuple[str, str]]:
    """Those that the database records of the apps of this site."""
    own = own_apps()
    return [key for key in loader.applied_migrations if key[0] in own]


def own_apps() -> set[str]:
    return {
        app.label for app in apps.get_app_configs() if Path(app.path).parent == settings.BASE_DIR
    }


def steps() -> list[UpgradeStep]:
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    tables = set(connection.introspection.table_names())
    return [step for migration, _back in plan for step in _steps_of(migration, tables)]


def _steps_of(migration: Migration, tables: set[str]) -> Iterator[UpgradeStep]:
    for operation in migration.operations:
        model = getattr(operation, "model_name", None) or getattr(operation, "name", "") or ""
        table = _table(migration.app_label, str(model))
        rows, size = _extent(table) if table in tables else (0, 0)
        yield UpgradeStep(
            f"{migration.app_label}.{migration.name}",
            type(operation).__name__,
            operation.describe(),
            table if table in tables else "",
            rows,
            size,
        )


def _table(app: str, model: str) -> str:
    try:
        name: str = apps.get_model(app, model)._meta.db_table
    except (LookupError, ValueError):
        return f"{app}_{model}".lower()
    return name


def _extent(table: str) -> tuple[int, int]:
    """Rows and bytes: estimated by PostgreSQL, whose tables may be long; counted by SQLite."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT greatest(reltuples, 0)::bigint, pg_total_relation_size(oid) "
                "FROM pg_class WHERE oid = to_regclass(%s)",
                [connection.ops.quote_name(table)],
            )
            rows, size = cursor.fetchone()
            return int(rows), int(size)
        cursor.execute(f"SELECT count(*) FROM {connection.ops.quote_name(table)}")  # noqa: S608
        return int(cursor.fetchone()[0]), 0


def database_bytes() -> int:
    if connection.vendor == "sqlite":
        file = Path(str(connection.settings_dict["NAME"]))
        return file.stat().st_size if file.exists() else 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_database_size(current_database())")
        return int(cursor.fetchone()[0])


def free_bytes(folder: Path) -> int:
    while not folder.exists():
        folder = folder.parent
    return shutil.disk_usage(folder).free


def needed_here(planned: list[UpgradeStep]) -> int:
    """Bytes that this machine must have free: the copy of a table that SQLite makes again, with its
    journal; nothing for PostgreSQL, whose disk is its server's."""
    if connection.vendor != "sqlite" or not planned:
        return 0
    return 2 * database_bytes()


def unusable_schema() -> list[str]:
    """Why this code could not work on the schema that is there: a table or a column that it needs
    is gone, or one that it does not know must be filled in. Empty for the schema of this version,
    and for that of the next one when its migrations are backward compatible.
    """
    own = own_apps()
    found = []
    tables = set(connection.introspection.table_names())
    for model in apps.get_models(include_auto_created=True):
        meta = model._meta
        if meta.app_label not in own or not meta.managed:
            continue
        if meta.db_table not in tables:
            found.append(f"la table {meta.db_table} n'existe plus")
            continue
        known = {str(field.column) for field in meta.local_concrete_fields}
        there = _columns(meta.db_table)
        found += [f"{meta.db_table}.{one} n'existe plus" for one in sorted(known - there.keys())]
        found += [
            f"{meta.db_table}.{one}, inconnue de ce code, doit être remplie"
            for one in sorted(there.keys() - known)
            if there[one]
        ]
    return found


def _columns(table: str) -> dict[str, bool]:
    """Column → must an INSERT give it a value."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(f"PRAGMA table_info({connection.ops.quote_name(table)})")
            return {
                name: bool(is_required and default is None and not is_key)
                for _number, name, _type, is_required, default, is_key in cursor.fetchall()
            }
        cursor.execute(
            "SELECT column_name, is_nullable = 'NO' AND column_default IS NULL "
            "AND is_identity = 'NO' FROM information_schema.columns "
            "WHERE table_schema = current_schema() AND table_name = %s",
            [table],
        )
        return dict(cursor.fetchall())
