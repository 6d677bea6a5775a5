"""Which files are accepted as a proof: judged by content, in one French sentence each."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Mapping
from pathlib import PurePath
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile
from PIL import Image

from documents.reading.apart import SECONDS, NoAnswerError, TooLongError, read_apart
from documents.reading.traps import Trap, TrapError, looks_like_pdf

JPEG = (".jpg", ".jpeg", ".jpe", ".jfif", ".jif", ".pjpeg", ".pjp")
"""Every suffix that browsers, phones and Windows give to one."""
CONTENT_TYPES = {
    ".pdf": "application/pdf",
    ".png": "image/png",
    **dict.fromkeys(JPEG, "image/jpeg"),
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".odt": "application/vnd.oasis.opendocument.text",
    ".ods": "application/vnd.oasis.opendocument.spreadsheet",
    ".zip": "application/zip",
}
_HEAD = 2048
ACCEPTED = "PDF, PNG, JPEG, DOCX, XLSX, ODT, ODS ou ZIP"
_IMAGES = {".png": "PNG", **dict.fromkeys(JPEG, "JPEG")}
_NO_IMAGE = (OSError, SyntaxError, ValueError, EOFError, struct.error, zlib.error)
"""What Pillow raises for bytes that are no image, or not a whole one."""
_READER = "documents.reading.inspection"
TRAPS = {
    Trap.ENCRYPTED: "« {name} » est protégé par un mot de passe : enregistrez-le sans protection.",
    Trap.CERTIFICATE: "« {name} » est chiffré pour certaines personnes seulement : enregistrez-le "
    "sans chiffrement.",
    Trap.ACTIVE: "« {name} » contient des macros (scripts, programmes, envoi de données) : "
    "imprimez-le en PDF, puis joignez ce PDF.",
    Trap.TEMPLATE: "« {name} » va chercher son modèle sur une autre machine : enregistrez-le avec "
    "un modèle de votre poste, ou imprimez-le en PDF, puis joignez ce PDF.",
    Trap.LINKED: "« {name} » contient un objet lié à un autre fichier : rompez la liaison, ou "
    "imprimez-le en PDF, puis joignez ce PDF.",
    Trap.DDE: "« {name} » contient une liaison DDE, qui peut lancer un programme : retirez-la, ou "
    "imprimez-le en PDF, puis joignez ce PDF.",
    Trap.ENTITIES: "« {name} » contient des déclarations (DTD, entités) qui peuvent lire d'autres "
    "fichiers : enregistrez-le de nouveau, ou imprimez-le en PDF, puis joignez ce PDF.",
    Trap.PROGRAM: "« {name} » est un programme : retirez-le, puis joignez le reste.",
    Trap.PAGE: "« {name} » est une page web ou un dessin SVG, qui peut contenir des scripts : "
    "imprimez-le en PDF, puis joignez ce PDF.",
    Trap.HIDDEN: "« {name} » a des parties que ce site ne sait pas contrôler : imprimez-le en PDF, "
    "ou joignez un à un les fichiers qu'il contient.",
    Trap.HUGE: "« {name} » contient trop d'éléments, ou des éléments trop gros une fois "
    "décompressés, pour être contrôlé par ce site : imprimez-le en PDF, ou joignez un à un les "
    "fichiers "
    "qu'il contient.",
    Trap.BROKEN: "« {name} » est abîmé ou incomplet, il ne s'ouvre pas : enregistrez-le de "
    "nouveau, ou numérisez-le.",
    Trap.CUT: "« {name} » est abîmé ou incomplet, la fin du fichier manque : enregistrez-le de "
    "nouveau, ou numérisez-le.",
    Trap.OTHER: "« {name} » n'est pas un vrai fichier {kind} : il est abîmé, ou son contenu est "
    "autre. Enregistrez-le de nouveau dans ce format, ou choisissez un autre fichier.",
    Trap.NO_FILE: "« {name} » ne contient aucun fichier : choisissez-en un.",
    Trap.EMPTY: "« {name} » est vide : choisissez un autre fichier.",
}
NO_ANSWER = (
    "« {name} » n'a pas pu être contrôlé : le site n'est pas venu à bout de sa lecture. Joignez un "
    "fichier plus simple, par exemple le même imprimé en PDF."
)


class MadeHere(SimpleUploadedFile):
    """A file that this program has made, such as those of the demonstration: what strangers may
    hide in theirs is not looked for in it.
    """


def check_upload(
    upload: UploadedFile[Any], traps: Mapping[Trap, str] = TRAPS, *, seconds: float = SECONDS
) -> str:
    """The content type of an acceptable file, read once, in one process of its own. Raises
    ValidationError, in one sentence that names the file, and the file inside it that is at fault;
    TooLongError where less than `SECONDS` was given and not enough.
    """
    content_type = check_kind(upload)
    suffix = _suffix(upload)
    if suffix in _IMAGES or isinstance(upload, MadeHere):
        return content_type
    try:
        found = read_apart(_READER, suffix, content=content_of(upload), seconds=seconds)
    except NoAnswerError as error:
        if isinstance(error, TooLongError) and seconds < SECONDS:
            raise
        raise ValidationError(NO_ANSWER.format(name=name_of(upload))) from None
    if found:
        raise refusal(upload, TrapError(Trap(found["trap"]), tuple(found["path"])), traps)
    return content_type


def check_kind(upload: UploadedFile[Any]) -> str:
    """The content type that the name and the beginning of the content say; of an image, the whole.
    Raises ValidationError, in one sentence."""
    name, size, suffix = name_of(upload), upload.size or 0, _suffix(upload)
    if not size:
        raise ValidationError(TRAPS[Trap.EMPTY].format(name=name))
    if size > settings.PROOF_MAX_BYTES:
        limit = settings.PROOF_MAX_BYTES // 1024**2
        raise ValidationError(f"« {name} » dépasse {limit} Mo : réduisez-le ou coupez-le en deux.")
    if suffix not in CONTENT_TYPES:
        raise ValidationError(f"« {name} » n'est pas d'un type accepté : {ACCEPTED}.")
    if not _is_what_it_says(upload, suffix):
        raise refusal(upload, TrapError(Trap.OTHER))
    return CONTENT_TYPES[suffix]


def refusal(
    upload: UploadedFile[Any], found: TrapError, traps: Mapping[Trap, str] = TRAPS
) -> ValidationError:
    """What a trap is to its sender: a PDF's in the words of `traps`, those of the files inside it
    in the ordinary ones."""
    name = name_of(upload)
    if not found.path:
        sentence = {**TRAPS, **traps}[found.trap]
        return ValidationError(sentence.format(name=name, kind=_suffix(upload)[1:].upper()))
    inner, kind = " › ".join(found.path), PurePath(found.path[-1]).suffix[1:].upper()
    return ValidationError(
        f"Dans « {name} », " + TRAPS[found.trap].format(name=inner, kind=kind or "de ce type")
    )


def name_of(upload: UploadedFile[Any]) -> str:
    return upload.name or "sans nom"


def _suffix(upload: UploadedFile[Any]) -> str:
    return PurePath(name_of(upload)).suffix.lower()


def content_of(upload: UploadedFile[Any]) -> bytes:
    upload.seek(0)
    content: bytes = upload.read()
    upload.seek(0)
    return content


def _is_what_it_says(upload: UploadedFile[Any], suffix: str) -> bool:
    if suffix in _IMAGES:
        return _is_image(upload, _IMAGES[suffix])
    upload.seek(0)
    head = upload.read(_HEAD)
    upload.seek(0)
    return looks_like_pdf(head) if suffix == ".pdf" else head.startswith(b"PK")


def _is_image(upload: UploadedFile[Any], kind: str) -> bool:
    """Whether it opens as one; a PNG also says of each of its parts whether it is whole. The pixels
    are not decoded. Raises ValidationError for more of them than Pillow takes."""
    try:
        with Image.open(upload, formats=[kind]) as image:
            image.verify()
    except Image.DecompressionBombError:
        raise refusal(upload, TrapError(Trap.HUGE)) from None
    except _NO_IMAGE:
        return False
    finally:
        upload.seek(0)
    return True
