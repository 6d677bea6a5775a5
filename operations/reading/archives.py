"""The archive of a backup: a tar, each member with its digest in the manifest, which comes last.

database.sqlite3 | database.dump    the database
files/<name>                        each file that a row names
manifest.json                       what is in it, what was missing, which files no row names
"""

from __future__ import annotations

import hashlib
import io
import json
import tarfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

MANIFEST = "manifest.json"
FILES = "files/"
BLOCK = 1024 * 1024
FORMAT = 1
_BROKEN = (tarfile.TarError, EOFError, zlib.error, OSError)


class BrokenArchiveError(Exception):
    """The archive is cut or altered; French words."""


class Hashed:
    """A file that is read once, by blocks, with its digest."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file, self._digest = file, hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        block = self._file.read(size)
        self._digest.update(block)
        return block

    @property
    def sha256(self) -> str:
        return self._digest.hexdigest()


class ArchiveWriter:
    def __init__(self, target: tarfile.TarFile) -> None:
        self._target, self.members = target, list[dict[str, Any]]()

    def add(self, name: str, file: IO[bytes], size: int) -> None:
        """Raises OSError when the file is shorter than its size."""
        member, hashed = tarfile.TarInfo(name), Hashed(file)
        member.size, member.mode = size, 0o600
        self._target.addfile(member, hashed)
        self.members.append({"name": name, "size": size, "sha256": hashed.sha256})

    def close(self, about: dict[str, Any]) -> None:
        whole = {"format": FORMAT, **about, "members": self.members}
        content = json.dumps(whole, ensure_ascii=False, indent=1).encode()
        member = tarfile.TarInfo(MANIFEST)
        member.size, member.mode = len(content), 0o600
        self._target.addfile(member, io.BytesIO(content))


@contextmanager
def opened(path: Path) -> Iterator[tarfile.TarFile]:
    """Raises BrokenArchiveError for what cannot be read to its end."""
    try:
        with tarfile.open(path, "r:gz") as source:
            yield source
    except _BROKEN as error:
        raise BrokenArchiveError(f"L'archive {path} est coupée ou illisible : {error}") from error


def members(source: tarfile.TarFile) -> Iterator[tuple[str, IO[bytes]]]:
    for member in source:
        file = source.extractfile(member)
        if file is None:
            raise BrokenArchiveError(f"« {member.name} » n'est pas un fichier.")
        yield member.name, file


def verify(path: Path) -> tuple[dict[str, Any], list[str]]:
    """The manifest, and each member that is missing, in excess or other than it says."""
    found: dict[str, str] = {}
    manifest: dict[str, Any] = {}
    with opened(path) as source:
        for name, file in members(source):
            if name == MANIFEST:
                manifest = json.load(file)
                continue
            hashed = Hashed(file)
            while hashed.read(BLOCK):
                pass
            found[name] = hashed.sha256
    if manifest.get("format") != FORMAT:
        raise BrokenArchiveError(f"L'archive {path} n'a pas de manifeste de ce format.")
    recorded = {line["name"]: line["sha256"] for line in manifest["members"]}
    faults = [f"« {name} » manque." for name in sorted(recorded.keys() - found.keys())]
    faults += [f"« {name} » est en trop." for name in sorted(found.keys() - recorded.keys())]
    faults += [
        f"« {name} » n'a plus l'empreinte de la sauvegarde."
        for name in sorted(recorded.keys() & found.keys())
        if recorded[name] != found[name]
    ]
    return manifest, faults
