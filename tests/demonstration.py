"""The demonstration, as the tests that ask for it find it: loaded once for each instant."""

import datetime as dt
import fcntl
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, nullcontext
from pathlib import Path
from typing import Any

import time_machine
from django.core.management import call_command
from django.db import connection, transaction
from django.test import override_settings


def _load(at: dt.datetime | None, files: Path) -> None:
    clock = time_machine.travel(at, tick=False) if at else nullcontext()
    with clock, override_settings(MEDIA_ROOT=files):
        call_command("demo", verbosity=0)


class Demonstration:
    """What `manage.py demo` loads, in a transaction that stays open until `unload`: each test rolls
    back to it.
    """

    def __init__(self, blocker: Any, files: Path) -> None:
        self.blocker = blocker
        self.files = files
        self.is_loaded = False
        self.at: dt.datetime | None = None
        self.stack = ExitStack()

    def load(self, at: dt.datetime | None = None) -> None:
        """As it is at this instant, now for None."""
        if self.is_loaded and self.at == at:
            return
        self.unload()
        with self.blocker.unblock():
            self._load(at)
        self.is_loaded, self.at = True, at

    def unload(self) -> None:
        if self.is_loaded:
            with self.blocker.unblock():
                self._unload()
        self.is_loaded = False

    def _load(self, at: dt.datetime | None) -> None:
        with ExitStack() as stack:
            stack.enter_context(transaction.atomic())
            _load(at, self.files)
            self.stack = stack.pop_all()

    def _unload(self) -> None:
        transaction.set_rollback(True)
        self.stack.close()


class SharedDemonstration(Demonstration):
    """On SQLite: the first process that needs an instant keeps the database and the files in a
    folder, the others copy them.
    """

    def __init__(self, blocker: Any, files: Path, shared: Path) -> None:
        super().__init__(blocker, files)
        self.shared = shared
        self.empty = sqlite3.connect(":memory:", check_same_thread=False)

    def _load(self, at: dt.datetime | None) -> None:
        connection.ensure_connection()
        connection.connection.backup(self.empty)
        folder = self.shared / (f"{at:%Y%m%dT%H%M%S}" if at else "now")
        with _locked(folder.with_suffix(".lock")):
            if not folder.exists():
                self._keep(at, folder)
        with sqlite3.connect(folder / "db.sqlite3") as kept:
            kept.backup(connection.connection)
        kept.close()
        shutil.copytree(folder / "files", self.files, dirs_exist_ok=True)

    def _keep(self, at: dt.datetime | None, folder: Path) -> None:
        made = folder.with_suffix(".part")
        with transaction.atomic():
            _load(at, made / "files")
            connection.run_on_commit.clear()  # no test has sent these mails
        with sqlite3.connect(made / "db.sqlite3") as kept:
            connection.connection.backup(kept)
        kept.close()
        made.rename(folder)

    def _unload(self) -> None:
        self.empty.backup(connection.connection)


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    with path.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
