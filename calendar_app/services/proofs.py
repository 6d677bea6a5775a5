"""Proofs: checked by content, hashed, kept byte for byte, never overwritten."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import logging
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import PurePath
from typing import TYPE_CHECKING, Any, BinaryIO, TypeVar

import puremagic
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from PIL import Image

from calendar_app.models.files import StoredFile, stored_path
from segur.lib import archive_traps, pdf_traps
from segur.lib.pdf_traps import Trap

if TYPE_CHECKING:
    from accounts.models import User

log = logging.getLogger(__name__)
Stored = TypeVar("Stored", bound=StoredFile)

CONTENT_TYPES = {
    ".pdf": "application/pdf",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".odt": "application/vnd.oasis.opendocument.text",
    ".ods": "application/vnd.oasis.opendocument.spreadsheet",
    ".zip": "application/zip",
}
ACCEPTED = "PDF, PNG, JPEG, DOCX, XLSX, ODT, ODS ou ZIP"
_ARCHIVES = {
    ".docx": "word/document.xml",
    ".xlsx": "xl/workbook.xml",
    ".odt": "content.xml",
    ".ods": "content.xml",
    ".zip": "",
}
"""The member that each kind of archive must have."""
_IMAGES = {".png": "PNG", ".jpg": "JPEG", ".jpeg": "JPEG"}
_HEAD = 8192
TRAPS = {
    Trap.ENCRYPTED: "« {name} » est protégé par un mot de passe : enregistrez-le sans protection.",
    Trap.ACTIVE: "« {name} » contient des macros (scripts, programmes, envoi de données) : "
    "imprimez-le en PDF, puis joignez ce PDF.",
    Trap.HIDDEN: "« {name} » a des parties que ce site ne sait pas contrôler : imprimez-le en PDF, "
    "ou joignez un à un les fichiers qu'il contient.",
    Trap.BROKEN: "« {name} » est abîmé ou incomplet, il ne s'ouvre pas : enregistrez-le de "
    "nouveau, ou numérisez-le.",
}


def check_upload(upload: UploadedFile[Any], traps: Mapping[Trap, str] = TRAPS) -> str:
    """The content type of an acceptable file. Raises ValidationError, in one sentence that names
    the file, for one that is empty, too big, not what its name says, encrypted or with macros: a
    PDF of these last two in the words of `traps`."""
    name = upload.name or "sans nom"
    size = upload.size or 0
    if not size:
        raise ValidationError(f"« {name} » est vide : choisissez un autre fichier.")
    if size > settings.PROOF_MAX_BYTES:
        limit = settings.PROOF_MAX_BYTES // 1024**2
        raise ValidationError(f"« {name} » dépasse {limit} Mo : réduisez-le ou coupez-le en deux.")
    suffix = PurePath(name).suffix.lower()
    if suffix not in CONTENT_TYPES:
        raise ValidationError(f"« {name} » n'est pas d'un type accepté : {ACCEPTED}.")
    if not _is_what_it_says(upload, suffix):
        raise ValidationError(
            f"« {name} » n'est pas un vrai fichier {suffix[1:].upper()} : son contenu dit autre "
            "chose. Enregistrez-le de nouveau dans ce format, ou choisissez un autre fichier."
        )
    if found := _trap(upload, suffix):
        raise ValidationError(traps[found].format(name=name))
    return CONTENT_TYPES[suffix]


def _trap(upload: UploadedFile[Any], suffix: str) -> Trap | None:
    content = upload.read()
    upload.seek(0)
    if suffix == ".pdf":
        return pdf_traps.trap(content)
    return archive_traps.trap(io.BytesIO(content)) if suffix in _ARCHIVES else None


def _is_what_it_says(upload: UploadedFile[Any], suffix: str) -> bool:
    upload.seek(0)
    head = upload.read(_HEAD)
    upload.seek(0)
    try:
        found = {match.mime_type for match in puremagic.magic_string(head)}
    except puremagic.PureError:
        return False
    if suffix in _ARCHIVES:
        return head.startswith(b"PK") and _is_archive(upload, suffix)
    if suffix in _IMAGES:
        return _is_image(upload, _IMAGES[suffix])
    return CONTENT_TYPES[suffix] in found


def _is_image(upload: UploadedFile[Any], kind: str) -> bool:
    """Whether it opens as one; a PNG also says of each of its parts whether it is whole."""
    try:
        with Image.open(upload, formats=[kind]) as image:
            image.verify()
    except Exception:  # noqa: BLE001  (a parser in front of hostile bytes)
        return False
    finally:
        upload.seek(0)
    return True


def _is_archive(upload: UploadedFile[Any], suffix: str) -> bool:
    try:
        with zipfile.ZipFile(upload) as archive:
            members = archive.infolist()
    except archive_traps.UNREADABLE:
        return False
    finally:
        upload.seek(0)
    if all(member.is_dir() for member in members):
        raise ValidationError(f"« {upload.name} » ne contient aucun fichier : choisissez-en un.")
    wanted = _ARCHIVES[suffix]
    return not wanted or any(member.filename == wanted for member in members)


def sha256(file: BinaryIO | UploadedFile[Any]) -> str:
    """Hexadecimal digest of the whole file, read by blocks; the file is rewound."""
    file.seek(0)
    digest = hashlib.sha256()
    while block := file.read(1024 * 1024):
        digest.update(block)
    file.seek(0)
    return digest.hexdigest()


class Shelf:
    """Stores uploads, and takes them back when the act they belong to fails."""

    def __init__(self) -> None:
        self._stored: list[str] = []

    def put(
        self,
        make: Callable[[], Stored],
        uploads: Sequence[UploadedFile[Any]],
        *,
        actor: User,
        now: dt.datetime,
        document_date: dt.date | None = None,
        check: Callable[[UploadedFile[Any]], str] = check_upload,
    ) -> list[Stored]:
        """One row and one new stored file per upload; `make` gives each row with its owner set.

        `check` returns the content type. Raises ValidationError before storing anything when a
        file is not acceptable, and when the disk takes no more.
        """
        types = [check(upload) for upload in uploads]
        rows = []
        for upload, content_type in zip(uploads, types, strict=True):
            row = make()
            row.content_type, row.document_date = content_type, document_date
            row.uploaded_by, row.uploaded_by_name, row.uploaded_at = actor, str(actor), now
            self._put_one(upload, row)
            rows.append(row)
        return rows

    def _put_one(self, upload: UploadedFile[Any], row: StoredFile) -> None:
        row.name = (upload.name or "sans nom")[-255:]
        row.size = upload.size or 0
        row.sha256 = sha256(upload)
        row.file.name = self._store(stored_path(row, row.name), upload)
        row.save()

    def _store(self, name: str, upload: UploadedFile[Any]) -> str:
        """The name is noted first: a full disk leaves the beginning of a file behind."""
        self._stored.append(name)
        try:
            return default_storage.save(name, upload)
        except OSError:
            log.exception("a proof could not be stored")
            raise ValidationError(
                {"proofs": f"« {upload.name} » n'a pas pu être enregistré ici : réessayez."}
            ) from None

    def clear(self) -> None:
        for name in self._stored:
            default_storage.delete(name)


@contextmanager
def shelf() -> Iterator[Shelf]:
    """Around the transaction of an act: if it fails, at any point up to the commit, the files that
    it stored go as its rows do."""
    kept = Shelf()
    try:
        yield kept
    except BaseException:
        kept.clear()
        raise
