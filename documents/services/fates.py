"""The result of the check of an upload stays with it: checked once, never stored unchecked."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile

from documents.enums import Scan
from documents.reading.apart import TooLongError
from documents.reading.traps import Trap
from documents.services.antivirus import scan_upload
from documents.services.uploads import TRAPS, check_kind, check_upload


@dataclass
class UploadFate:
    """Of an accepted upload. `twin_of` names the file with the same bytes that is joined already,
    where this one was therefore not stored.
    """

    content_type: str
    sha256: str
    twin_of: str = ""
    scan: Scan = Scan.NONE


def fate_of(upload: UploadedFile[Any], traps: Mapping[Trap, str] = TRAPS) -> UploadFate:
    """Checked the first time that it is asked for. Raises ValidationError as `check_upload`."""
    known: UploadFate | None = getattr(upload, "fate", None)
    if known is None:
        kind, scan = _checked(upload, traps)
        known = UploadFate(kind, sha256(upload), scan=scan)
        set_fate(upload, known)
    return known


def _checked(upload: UploadedFile[Any], traps: Mapping[Trap, str]) -> tuple[str, Scan]:
    """What takes longer than a page may is left to the worker (`services.waiting`)."""
    try:
        kind = check_upload(upload, traps, seconds=settings.FILE_CHECK_SECONDS)
    except TooLongError:
        return check_kind(upload), Scan.UNREAD
    return kind, scan_upload(upload)


def set_fate(upload: UploadedFile[Any], fate: UploadFate) -> None:
    upload.fate = fate  # type: ignore[attr-defined]


def sha256(upload: UploadedFile[Any]) -> str:
    """Hexadecimal digest of the whole file, read by blocks; the file is rewound."""
    digest = hashlib.sha256()
    for block in upload.chunks():
        digest.update(block)
    upload.seek(0)
    return digest.hexdigest()


def joined_once(uploads: Iterable[UploadedFile[Any]]) -> list[str]:
    """A sentence for each that was not stored, since the same bytes are joined already."""
    pairs = [(upload.name, fate_of(upload).twin_of) for upload in uploads]
    return [
        f"« {name} » est le même fichier que « {twin} » : il est joint une seule fois."
        if name != twin
        else f"« {name} » est déjà joint, à l'octet près : il est joint une seule fois."
        for name, twin in pairs
        if twin
    ]
