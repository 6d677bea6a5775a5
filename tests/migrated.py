"""The schema: the migrations run once for all the processes of pytest."""

import hashlib
import inspect
import sqlite3
import sys
from pathlib import Path
from typing import Any

import django
import pytest
from django.db.migrations.executor import MigrationExecutor

from segur import trigrams
from tests.demonstration import Copies, locked


def migrations_run_once(copies: Copies, folder: Path) -> pytest.MonkeyPatch:
    """Until it is undone: of the processes that share this folder, the first migrates and keeps a
    copy; the others start from it. What follows the migrations (permissions, calendars) is never
    in the copy.
    """
    run = MigrationExecutor.migrate

    def migrate(executor: Any, targets: Any, *arguments: Any, **options: Any) -> Any:
        name = f"migrated_{_digest(executor.loader)}"
        with locked(folder / f"{name}.lock"):
            if not (folder / name).exists():
                state = run(executor, targets, *arguments, **options)
                copies.keep(name)
                (folder / name).touch()
                return state
        copies.restore(name)
        executor.loader.build_graph()
        return run(executor, targets)

    patch = pytest.MonkeyPatch()
    patch.setattr(MigrationExecutor, "migrate", migrate)
    return patch


def _digest(loader: Any) -> str:
    """Of all that makes the schema: a changed migration is another name."""
    read = hashlib.sha256(f"{django.__version__} {sqlite3.sqlite_version}".encode())
    modules = {type(one).__module__ for one in loader.disk_migrations.values()}
    for module in (trigrams, *(sys.modules[name] for name in sorted(modules))):
        read.update(Path(inspect.getfile(module)).read_bytes())
    return read.hexdigest()[:16]
