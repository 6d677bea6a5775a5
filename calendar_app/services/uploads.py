"""Which files are accepted as a proof: judged by content, in one French sentence each."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from pathlib import PurePath
from typing import Any

import puremagic
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from PIL import Image

from segur.lib import archive_traps, pdf_traps
from segur.lib.pdf_traps import Trap

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
