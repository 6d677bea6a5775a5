"""Files that software sends piece by piece, and resumes where the connection was lost."""

from __future__ import annotations

import datetime as dt
import tempfile
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from api.models import PartialUpload
from documents.services.held import LASTS, hold
from journal.services.acts import lock_row

FOLDER = "pieces"
MAX_OPEN = 20
TOO_MANY = f"{MAX_OPEN} envois par morceaux sont ouverts : finissez-en un, ou attendez."
TOO_BIG = "Un fichier a au plus {} Mo."
TOO_LONG = "Ce morceau dépasse la taille annoncée."
NOT_KEPT = "Ce fichier n'a pas pu être gardé : recommencez."


class OffsetError(Exception):
    """The piece does not start where the last one ended: `received` says where that is."""

    def __init__(self, received: int) -> None:
        super().__init__(f"expected offset {received}")
        self.received = received


def upload_begin(*, organisation: int, name: str, size: int, now: dt.datetime) -> PartialUpload:
    if size > settings.PROOF_MAX_BYTES:
        raise ValidationError({"size": TOO_BIG.format(settings.PROOF_MAX_BYTES // 1024**2)})
    mine = PartialUpload.objects.filter(
        organisation=organisation, token="", created_at__gt=now - LASTS
    )
    if mine.count() >= MAX_OPEN:
        raise ValidationError(TOO_MANY)
    return PartialUpload.objects.create(
        organisation=organisation, name=name, size=size, created_at=now
    )


@transaction.atomic
def upload_continue(
    upload: PartialUpload, *, offset: int, piece: UploadedFile[Any]
) -> PartialUpload:
    """The last piece makes the file: looked at as any other, it is held under its `token`. Raises
    OffsetError for a piece that came already or too soon, ValidationError for a file refused,
    which has to be sent again from the beginning."""
    row = lock_row(upload)
    if offset != row.received or row.token:
        raise OffsetError(row.received)
    size = piece.size or 0
    if offset + size > row.size:
        raise ValidationError({"piece": TOO_LONG})
    default_storage.delete(_path(row, offset))
    default_storage.save(_path(row, offset), piece)
    row.received += size
    if row.is_whole:
        row.token = _token(row)
    row.save(update_fields=["received", "token"])
    return row


def _path(row: PartialUpload, offset: int) -> str:
    return f"{FOLDER}/{row.pk}/{offset:012}"


def _token(row: PartialUpload) -> str:
    with tempfile.TemporaryFile() as whole:
        for path in _pieces(row):
            with default_storage.open(path) as piece:
                whole.writelines(piece.chunks())
        whole.seek(0)
        held = hold([UploadedFile(whole, row.name, size=row.size)])
    if not held:
        raise ValidationError(NOT_KEPT)
    _clear(row)
    return held[0].token


def _pieces(row: PartialUpload) -> list[str]:
    folder = f"{FOLDER}/{row.pk}"
    try:
        _folders, names = default_storage.listdir(folder)
    except FileNotFoundError:
        return []
    return [f"{folder}/{name}" for name in sorted(names)]


def _clear(row: PartialUpload) -> None:
    for path in _pieces(row):
        default_storage.delete(path)


def sweep(*, now: dt.datetime) -> int:
    """Forget those that are too old, with their pieces; how many."""
    old = list(PartialUpload.objects.filter(created_at__lte=now - LASTS))
    for row in old:
        _clear(row)
    PartialUpload.objects.filter(pk__in=[row.pk for row in old]).delete()
    return len(old)
