"""Proofs: hashed, kept byte for byte, never overwritten."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile

from documents.enums import Scan
from documents.models import StoredFile, stored_path
from documents.services.fates import UploadFate, fate_of
from journal.rules.by import By
from segur.operators import FULL, FULL_BODY, FULL_SUBJECT, is_full, tell_operators

log = logging.getLogger(__name__)
Stored = TypeVar("Stored", bound=StoredFile)


class Shelf:
    """Stores uploads, and takes them back when the act they belong to fails."""

    def __init__(self) -> None:
        self._stored: list[str] = []
        self.is_full = False

    def put(
        self,
        make: Callable[[], Stored],
        uploads: Sequence[UploadedFile[Any]],
        *,
        by: By,
        document_date: dt.date | None = None,
        joined: Iterable[StoredFile] = (),
    ) -> list[Stored]:
        """One row and one new stored file per upload; `make` gives each row with its owner set.

        The same bytes twice, in one go or beside what is `joined` already, are stored once: the
        fate of the other upload says so. Raises ValidationError before storing anything when a
        file is not acceptable, and when the disk takes no more.
        """
        fates = [fate_of(upload) for upload in uploads]
        names = {file.sha256: file.name for file in joined}
        rows = []
        for upload, fate in zip(uploads, fates, strict=True):
            if twin := names.get(fate.sha256):
                fate.twin_of = twin
                continue
            row = make()
            row.document_date = document_date
            row.uploaded_by, row.uploaded_by_name, row.uploaded_at = by.actor, by.name, by.at
            self._put_one(upload, fate, row)
            names[fate.sha256] = row.name
            rows.append(row)
        return rows

    def _put_one(self, upload: UploadedFile[Any], fate: UploadFate, row: StoredFile) -> None:
        row.name = (upload.name or "sans nom")[-255:]
        row.size = upload.size or 0
        row.content_type, row.sha256 = fate.content_type, fate.sha256
        row.scan = fate.scan
        row.scanned_at = row.uploaded_at if fate.scan == Scan.CLEAN else None
        row.file.name = self._store(stored_path(row, row.name), upload)
        row.save()

    def _store(self, name: str, upload: UploadedFile[Any]) -> str:
        """The name is noted first: a full disk leaves the beginning of a file behind."""
        self._stored.append(name)
        try:
            return default_storage.save(name, upload)
        except OSError as error:
            log.exception("a proof could not be stored")
            if is_full(error):
                self.is_full = True
                raise ValidationError({"proofs": FULL}) from None
            raise ValidationError(
                {"proofs": f"« {upload.name} » n'a pas pu être enregistré : réessayez."}
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
        if kept.is_full:  # the transaction of the act is undone: this mail is not part of it
            tell_operators(FULL_SUBJECT, FULL_BODY, key="disk-full")
        raise
