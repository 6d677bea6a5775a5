"""Can this version of the code bring the database up to date? If not, what to do."""

import shlex
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.db.migrations.exceptions import InconsistentMigrationHistory
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ModelState

from operations.selectors.upgrade import is_ahead, own_apps, own_migrations


def is_of_another_version() -> bool:
    """Return whether migrating would fail. It would if the database records migrations that the
    code does not have, or in an order that the code excludes, or if a table has other columns than
    its migrations give it: those of before 0.2.0 have the names of today. Only reads.
    """
    if is_ahead():
        return True
    loader, own = MigrationLoader(connection), own_apps()
    applied = own_migrations(loader)
    try:
        loader.check_consistent_history(connection)
    except InconsistentMigrationHistory:
        return True
    models = loader.project_state(applied).models.values() if applied else []
    tables = set(connection.introspection.table_names())
    return any(
        _table(model) not in tables or _columns(model) != _columns_of_table(_table(model))
        for model in models
        if model.app_label in own and model.options.get("managed", True)
    )


def _table(model: ModelState) -> str:
    return str(model.options.get("db_table") or f"{model.app_label}_{model.name_lower}")


def _columns(model: ModelState) -> set[str | None]:
    columns = set()
    for name, field in model.fields.items():
        if not field.many_to_many:
            unbound = field.clone()
            unbound.set_attributes_from_name(name)
            columns.add(unbound.column)
    return columns


def _columns_of_table(table: str) -> set[str | None]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)} LIMIT 0")  # noqa: S608
        return {column[0] for column in cursor.description}


def what_to_do() -> str:
    """One French sentence: the data are untouched, how to keep them aside and begin again."""
    name = str(connection.settings_dict["NAME"])
    if connection.vendor == "sqlite":
        file, var = Path(name).resolve(), settings.VAR_DIR.resolve()
        data = var if var in file.parents else file
        where, command = f"de {data}", shlex.join(["mv", str(data), str(_free_name(data))])
    else:
        where, command = f"de la base PostgreSQL « {name} »", _rename_database(name)
    again = "make run" if settings.LOCAL else "manage.py prepare"
    return (
        f"Les données {where} ont été écrites par une autre version du site, que celle-ci ne sait "
        "pas reprendre : elles restent où elles sont, intactes ; pour les garder de côté et "
        f"recommencer avec un site neuf, arrêtez ce qui s'en sert, tapez {command}, puis "
        f"relancez {again}."
    )


def _free_name(path: Path) -> Path:
    """Beside it, and of nothing that exists: `mv` would move into a folder, or replace a file."""
    number, free = 1, path.with_name(f"{path.name}-ancien")
    while free.exists():
        number += 1
        free = path.with_name(f"{path.name}-ancien-{number}")
    return free


def _rename_database(name: str) -> str:
    """The files of MEDIA_ROOT stay: each has a name of its own, and none is replaced."""
    parts = ["psql", "--set", "ON_ERROR_STOP=1", "--dbname", "postgres"]
    for option, key in (("--host", "HOST"), ("--port", "PORT"), ("--username", "USER")):
        if value := connection.settings_dict[key]:
            parts += [option, str(value)]
    old, aside = (connection.ops.quote_name(text) for text in (name, f"{name}_ancienne"))
    for statement in (f"ALTER DATABASE {old} RENAME TO {aside}", f"CREATE DATABASE {old}"):
        parts += ["--command", statement]
    return shlex.join(parts)
