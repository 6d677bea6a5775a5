"""Good files of a form that was refused: held, so that nobody has to choose them again.

A browser forgets the files of a form that comes back. The page carries a signed token for each one
held; the next sending of the form names it. A filing has its draft for that; this serves every
other form. What is never sent again is swept away (ADR 0017).
"""

from __future__ import annotations

import datetime as dt
import logging
import uuid
from collections.abc import Iterable, Iterator
from typing import Any

from django.core import signing
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile

from documents.enums import Scan
from documents.services.fates import UploadFate, fate_of, set_fate

log = logging.getLogger(__name__)
FOLDER = "held"
SALT = "held-file"
LASTS = dt.timedelta(hours=12)
"""As long as a session."""
GONE = "Un fichier gardé pour vous ne l'est plus : choisissez-le de nouveau."


class HeldUpload(UploadedFile):  # type: ignore[type-arg]
    """An upload again, accepted already: opened for the time of a reading only."""

    def __init__(self, token: str, stored: str, name: str, size: int, fate: UploadFate) -> None:
        super().__init__(None, name, fate.content_type, size)
        self.token, self.stored = token, stored
        set_fate(self, fate)

    def chunks(self, chunk_size: int | None = None) -> Iterator[bytes]:
        with default_storage.open(self.stored) as file:
            yield from file.chunks(chunk_size)

    def read(self, size: int = -1) -> bytes:
        """From the beginning, each time."""
        with default_storage.open(self.stored) as file:
            content: bytes = file.read(size)
        return content

    def seek(self, *_args: Any) -> int:
        return 0


def hold(uploads: Iterable[UploadedFile[Any]]) -> list[HeldUpload]:
    """Each of these accepted uploads, held; one that was held before keeps its token. A file that
    the disk does not take is left out."""
    return [held for upload in uploads if (held := _hold(upload))]


def _hold(upload: UploadedFile[Any]) -> HeldUpload | None:
    if isinstance(upload, HeldUpload):
        return upload
    fate, name, size = fate_of(upload), upload.name or "sans nom", upload.size or 0
    try:
        stored = default_storage.save(f"{FOLDER}/{uuid.uuid4().hex}", upload)
    except OSError:
        log.exception("a file could not be held")
        return None
    content = [stored, name, size, fate.content_type, fate.sha256, fate.scan]
    token = signing.dumps(content, salt=SALT)
    return HeldUpload(token, stored, name, size, fate)


def take(token: str) -> HeldUpload:
    """Raises ValidationError for one that is not ours, too old, or gone."""
    try:
        content = signing.loads(token, salt=SALT, max_age=LASTS)
    except signing.BadSignature:
        raise ValidationError(GONE) from None
    stored, name, size, content_type, digest, scan = content
    if not default_storage.exists(stored):
        raise ValidationError(GONE)
    return HeldUpload(token, stored, name, size, UploadFate(content_type, digest, scan=Scan(scan)))


def sweep(*, now: dt.datetime) -> int:
    """Delete those whose token is too old. Returns how many."""
    try:
        _folders, names = default_storage.listdir(FOLDER)
    except FileNotFoundError:
        return 0
    old = [
        path
        for path in (f"{FOLDER}/{name}" for name in names)
        if default_storage.get_modified_time(path) < now - LASTS
    ]
    for path in old:
        default_storage.delete(path)
    return len(old)
