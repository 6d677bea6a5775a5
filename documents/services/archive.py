"""Many files as one ZIP, written while it is sent, with its list and the digests to check it."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import logging
import re
import unicodedata
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

from django.core.exceptions import ValidationError

from documents.models import StoredFile
from segur.lib import paris
from segur.lib.numbers import counted
from segur.lib.sizes import file_size

log = logging.getLogger(__name__)
MOST_FILES = 1000
MOST_BYTES = 1024**3
LONGEST_NAME = 100
MANIFEST, README = "manifest.json", "LISEZMOI.txt"
UNSAFE = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*]+')
"""What Windows refuses in a name, and what leads out of a folder."""
TOO_MUCH = (
    "Ce dossier a {count} fichiers ({size}) : il dépasse ce qu'une archive peut contenir "
    "({most} fichiers, {bytes}). Téléchargez ses pièces une à une, depuis leurs pages."
)

HOW_TO_CHECK = (
    "Pour vérifier un fichier : calculez son SHA-256 (certutil -hashfile, shasum -a 256) et "
    "comparez-le."
)


@dataclass(frozen=True)
class ArchivedFile:
    """A stored file, and the folder of the archive that it goes to."""

    folder: str
    file: StoredFile


@dataclass(frozen=True)
class MadeFile:
    """Content that is no stored file: a receipt."""

    folder: str
    name: str
    content: bytes
    at: dt.datetime


@dataclass(frozen=True)
class StreamedFile:
    """Content that is made while it is sent, however long it is."""

    folder: str
    name: str
    blocks: Callable[[], Iterator[bytes]]
    at: dt.datetime


def check_size(files: Sequence[ArchivedFile]) -> None:
    """Raises ValidationError beyond the bounds, before anything is sent."""
    total = sum(one.file.size for one in files)
    if len(files) > MOST_FILES or total > MOST_BYTES:
        words = {"count": len(files), "size": file_size(total)}
        most = {"most": MOST_FILES, "bytes": file_size(MOST_BYTES)}
        raise ValidationError(TOO_MUCH.format(**words, **most))


def safe_name(name: str) -> str:
    """As any system writes it: accents stay, nothing leads to another folder."""
    clean = UNSAFE.sub(" ", unicodedata.normalize("NFC", name))
    clean = " ".join(clean.split()).strip(". ")
    suffix = PurePath(clean).suffix[:12]
    stem = clean[: len(clean) - len(suffix)] if suffix else clean
    return f"{stem[:LONGEST_NAME].rstrip('. ')}{suffix}" or "sans nom"


class _Sink:
    """What the archive has written since it was last taken: no file, so nothing is sought."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []

    def write(self, data: bytes) -> int:
        self._parts.append(bytes(data))
        return len(data)

    def flush(self) -> None:
        """zipfile asks for it."""

    def take(self) -> bytes:
        content = b"".join(self._parts)
        self._parts.clear()
        return content


class _Paths:
    """A path once: the second file of a name becomes «name (2).pdf»."""

    def __init__(self) -> None:
        self._used: set[str] = {MANIFEST, README.lower()}

    def take(self, folder: str, name: str) -> str:
        folder = "/".join(safe_name(part) for part in folder.split("/"))
        safe, number = PurePath(safe_name(name)), 1
        path = f"{folder}/{safe}"
        while path.lower() in self._used:
            number += 1
            path = f"{folder}/{safe.stem} ({number}){safe.suffix}"
        self._used.add(path.lower())
        return path


def archive(
    about: Mapping[str, str],
    files: Iterable[ArchivedFile],
    *,
    made: Iterable[MadeFile | StreamedFile] = (),
    at: dt.datetime,
) -> Iterator[bytes]:
    """The bytes of the ZIP, block by block. Each file is hashed as it is read: the manifest, last,
    says the digest found beside the one recorded, and which files were not on the disk.
    """
    sink, paths, lines = _Sink(), _Paths(), []
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as target:  # type: ignore[call-overload]
        for one in made:
            path, digest, size = paths.take(one.folder, one.name), hashlib.sha256(), 0
            blocks = one.blocks() if isinstance(one, StreamedFile) else iter([one.content])
            with target.open(_entry(path, one.at), "w") as out:
                for block in blocks:
                    digest.update(block)
                    size += out.write(block)
                    yield sink.take()
            lines.append(_line(path, size, digest.hexdigest()))
        for stored in files:
            path = paths.take(stored.folder, stored.file.name)
            digest = hashlib.sha256()
            if stored.file.is_withheld:
                words = stored.file.get_scan_display()
                lines.append({**_recorded(path, stored.file), "retenu": words})
                continue
            try:
                yield from _copied(target, sink, path, stored.file, digest)
            except FileNotFoundError:
                log.exception("a stored file is not on the disk")
                lines.append({**_recorded(path, stored.file), "absent": True})
                continue
            found = _recorded(path, stored.file)
            is_same = digest.hexdigest() == stored.file.sha256
            lines.append({**found, "sha256": digest.hexdigest(), "conforme": is_same})
        whole = {**about, "produit_le": paris.stamp(at), "fichiers": lines}
        content = json.dumps(whole, ensure_ascii=False, indent=2).encode()
        target.writestr(_entry(MANIFEST, at), content)
        target.writestr(_entry(README, at), _readme(about, lines, at).encode())
        yield sink.take()
    yield sink.take()


def _copied(
    target: zipfile.ZipFile, sink: _Sink, path: str, file: StoredFile, digest: Any
) -> Iterator[bytes]:
    with file.file.open("rb") as source, target.open(_entry(path, file.uploaded_at), "w") as out:
        for block in source.chunks():
            digest.update(block)
            out.write(block)
            yield sink.take()


def _entry(path: str, at: dt.datetime) -> zipfile.ZipInfo:
    clock = paris.local(at)
    entry = zipfile.ZipInfo(path, (*clock.date().timetuple()[:3], *clock.timetuple()[3:6]))
    entry.compress_type = zipfile.ZIP_DEFLATED
    return entry


def _line(path: str, size: int, sha256: str) -> dict[str, Any]:
    return {"chemin": path, "octets": size, "sha256": sha256}


def _recorded(path: str, file: StoredFile) -> dict[str, Any]:
    return {
        "chemin": path,
        "nom_recu": file.name,
        "octets": file.size,
        "recu_le": paris.stamp(file.uploaded_at),
        "date_du_document": f"{file.document_date:%d/%m/%Y}" if file.document_date else "",
        "sha256_enregistre": file.sha256,
    }


def _readme(about: Mapping[str, str], lines: Sequence[Mapping[str, Any]], at: dt.datetime) -> str:
    absent = [str(line["chemin"]) for line in lines if line.get("absent")]
    changed = [str(line["chemin"]) for line in lines if line.get("conforme") is False]
    words = [
        *(f"{label.replace('_', ' ').capitalize()} : {value}" for label, value in about.items()),
        f"Archive produite le {paris.stamp(at)}.",
        f"{counted(len(lines), 'fichier')}, chacun avec son empreinte SHA-256 dans {MANIFEST}.",
        HOW_TO_CHECK,
        "Cette archive ne vaut ni dépôt ni récépissé.",
        *(f"Absent du site : {path}" for path in absent),
        *(f"{line['retenu']} : {line['chemin']}" for line in lines if line.get("retenu")),
        *(f"Empreinte différente de celle qui est enregistrée : {path}" for path in changed),
    ]
    return "\r\n".join([*words, ""])
