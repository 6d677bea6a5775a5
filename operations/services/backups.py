"""The database and its files in one archive, while the site runs; and back on an empty machine.

A stored file is written before the row that names it and never changes, so the files are copied
after the database: every row of the copy finds its file, unless somebody's data were erased
meanwhile, which the manifest says.
"""

from __future__ import annotations

import datetime as dt
import tarfile
from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.conf import settings
from django.core.files import File
from django.core.files.storage import default_storage
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.utils.crypto import salted_hmac

from operations.reading.archives import (
    BLOCK,
    FILES,
    ArchiveWriter,
    BrokenArchiveError,
    members,
    opened,
    verify,
)
from operations.selectors.files import names_query, stored_names
from operations.services.dumps import DUMP_NAMES, dump, faults_of, is_empty, load
from segur.lib import paris


class RestoreRefusedError(Exception):
    """French words: why nothing was restored."""


def back_up(path: Path, *, now: dt.datetime) -> dict[str, Any]:
    """Write the archive, whole or not at all; return its manifest without the list of members."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f"{path.name}.partial")
    partial.touch(mode=0o600)
    try:
        with TemporaryDirectory(dir=path.parent) as folder:
            copy = Path(folder, DUMP_NAMES[connection.vendor])
            names = dump(copy, names_query())
            about = _write(partial, copy, names, now)
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)
    return about


def _write(path: Path, copy: Path, names: set[str], now: dt.datetime) -> dict[str, Any]:
    with tarfile.open(path, "w:gz", compresslevel=1) as target:
        writer = ArchiveWriter(target)
        with copy.open("rb") as file:
            writer.add(copy.name, file, copy.stat().st_size)
        missing = [name for name in sorted(names) if not _add_file(writer, name)]
        about = {
            "version": settings.APP_VERSION,
            "made_at": paris.stamp(now),
            "database": connection.vendor,
            "migrations": sorted(map(list, MigrationLoader(connection).applied_migrations)),
            "key": key_mark(),
            "missing": missing,
            "orphans": orphans(names, before=now),
        }
        writer.close(about)
    return {**about, "files": len(names) - len(missing)}


def _add_file(writer: ArchiveWriter, name: str) -> bool:
    """False for a file that is not in the storage."""
    try:
        with default_storage.open(name) as file:
            writer.add(f"{FILES}{name}", file, file.size)
    except FileNotFoundError:
        return False
    return True


def orphans(names: Iterable[str], *, before: dt.datetime) -> list[str]:
    """Stored files that no row names, but those of acts that were under way."""
    found = sorted(set(stored_names()) - set(names))
    return [name for name in found if default_storage.get_modified_time(name) < before]


def key_mark() -> str:
    """Identifies a secret key without revealing it."""
    return salted_hmac("operations.backup", "key").hexdigest()[:16]


def verified(path: Path) -> tuple[dict[str, Any], list[str]]:
    """The manifest, and all that is wrong with the archive, the database in it included."""
    manifest, faults = verify(path)
    if not faults:
        with TemporaryDirectory() as folder:
            faults = faults_of(_extracted_database(path, Path(folder)))
    return manifest, faults


def restore(path: Path) -> dict[str, Any]:
    """Into an empty database and an empty storage. Files first: an attempt that was cut short is
    begun again, and finds those that it has stored already. Raises RestoreRefusedError.
    """
    manifest, faults = verify(path)
    _check(manifest, faults)
    sizes = {
        line["name"].removeprefix(FILES): line["size"]
        for line in manifest["members"]
        if line["name"].startswith(FILES)
    }
    there = set(stored_names())
    if strangers := there - sizes.keys():
        raise RestoreRefusedError(
            f"Le dossier des fichiers n'est pas vide ({len(strangers)} fichiers, dont "
            f"{min(strangers)}) : rien n'a été restauré."
        )
    with TemporaryDirectory() as folder:
        database = _extracted_database(path, Path(folder))
        with opened(path) as source:
            for name, file in members(source):
                if name.startswith(FILES):
                    _store(name.removeprefix(FILES), file, sizes)
        load(database)
    return manifest


def _check(manifest: dict[str, Any], faults: list[str]) -> None:
    if faults:
        raise RestoreRefusedError("L'archive est altérée : " + " ".join(faults))
    if manifest["database"] != connection.vendor:
        raise RestoreRefusedError(
            f"L'archive vient d'une base {manifest['database']}, celle-ci est {connection.vendor}."
        )
    if not is_empty():
        raise RestoreRefusedError(
            "La base de données n'est pas vide : rien n'a été restauré. Créez une base vide, ou "
            "indiquez-en une autre par DATABASE_URL (VAR_DIR pour un site sans PostgreSQL)."
        )
    known = MigrationLoader(None).disk_migrations
    ours = {app for app, _name in known}
    unknown = [one for one in manifest["migrations"] if one[0] in ours and tuple(one) not in known]
    if unknown:
        raise RestoreRefusedError(
            f"L'archive vient de la version {manifest['version']}, plus récente que ce code "
            f"({settings.APP_VERSION}) : installez cette version, ou une plus récente."
        )


def _store(name: str, file: Any, sizes: dict[str, int]) -> None:
    if default_storage.exists(name):
        if default_storage.size(name) == sizes[name]:
            return
        default_storage.delete(name)  # the beginning of a file, left by an attempt cut short
    default_storage.save(name, File(file, name=name))


def _extracted_database(path: Path, folder: Path) -> Path:
    with opened(path) as source:
        for name, file in members(source):
            if name in DUMP_NAMES.values():
                target = folder / name
                with target.open("wb") as copy:
                    while block := file.read(BLOCK):
                        copy.write(block)
                return target
    raise BrokenArchiveError("L'archive n'a pas de base de données.")
