"""Files that were stored before they could be checked: the worker reads them, then asks the
antivirus. Until then, and where they are refused, they are shown and given to nobody.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping
from typing import Any

from django.apps import apps
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from documents.enums import Scan
from documents.models import StoredFile
from documents.services.antivirus import NoScanError, is_configured, virus_in
from documents.services.uploads import check_upload
from journal.enums import Readers
from journal.rules.by import By
from journal.services.acts import lock_row
from journal.services.entries import write

log = logging.getLogger(__name__)
BATCH = 50
ROUND_SECONDS = 40
"""A round ends with the file that it is at: the worker has reminders to send too, and is stopped
after five minutes (`CELERY_TASK_TIME_LIMIT`)."""
VIRUS = "L'antivirus y trouve {}."

Teller = Callable[[StoredFile, str, By], None]
_tellers: list[Teller] = []
Reader = Callable[["UploadedFile[Any]", StoredFile], dict[str, Any]]
_readers: dict[type[StoredFile], Reader] = {}
_places: dict[type[StoredFile], Callable[[Any], str]] = {}


def add_teller(teller: Teller) -> None:
    """Called by `registrations.py` of the app that writes to who joined a refused file."""
    if teller not in _tellers:
        _tellers.append(teller)


def add_reader(model: type[StoredFile], reader: Reader) -> None:
    """For the files of a kind that are read for more than their safety: it returns the fields of
    the row that it found. Raises ValidationError for a file that is refused."""
    _readers[model] = reader


def add_places(places: Mapping[type[StoredFile], Callable[[Any], str]]) -> None:
    """The address where who joined a file of a kind joins another."""
    _places.update(places)


def place_of(row: StoredFile) -> str:
    """Raises KeyError for a kind whose place no app has registered."""
    return _places[type(row)](row)


def settle_waiting() -> int:
    """Read the files that nobody has read yet, and scan those that wait for the antivirus, at most
    `BATCH` of each kind. Returns how many are settled."""
    began, count = time.monotonic(), 0
    for row in _rows(Scan.UNREAD):
        count += _unless_lost(_read, row)
        if time.monotonic() - began >= ROUND_SECONDS:
            break
    if is_configured():
        for row in _rows(Scan.WAITING):
            try:
                count += _unless_lost(_scan, row)
            except NoScanError as error:
                log.warning("antivirus: %s: files wait", error)
                break
    return count


def _unless_lost(settle: Callable[[StoredFile], bool], row: StoredFile) -> bool:
    """False for a file that is not on the disk, after a partial restore: it keeps waiting, and the
    others do not wait for it."""
    try:
        return settle(row)
    except FileNotFoundError:
        log.warning("%s %s is not on the disk", row._meta.label, row.pk)  # noqa: SLF001
        return False


def _rows(scan: Scan) -> list[StoredFile]:
    found: list[StoredFile] = []
    for model in apps.get_models():
        if issubclass(model, StoredFile):
            manager: Any = model._default_manager  # noqa: SLF001  (documented by Django)
            found += manager.filter(scan=scan).order_by("pk")[:BATCH]
    return found


def _read(row: StoredFile) -> bool:
    """Whether that settles it."""
    reader = _readers.get(type(row), _check)
    with row.file.open("rb") as content:
        try:
            found = reader(UploadedFile(content, row.name, size=row.size), row)
        except ValidationError as refusal:
            _settle(row, Scan.REFUSED, why=" ".join(refusal.messages))
            return True
    _settle(row, Scan.WAITING if is_configured() else Scan.NONE, found)
    return not is_configured()


def _check(upload: UploadedFile[Any], _row: StoredFile) -> dict[str, Any]:
    check_upload(upload)
    return {}


def _scan(row: StoredFile) -> bool:
    with row.file.open("rb") as content:
        virus = virus_in(content.chunks())
    if virus:
        _settle(row, Scan.INFECTED, why=VIRUS.format(virus))
    else:
        _settle(row, Scan.CLEAN)
    return True


@transaction.atomic
def _settle(
    row: StoredFile, scan: Scan, found: Mapping[str, Any] | None = None, *, why: str = ""
) -> None:
    """Nothing where another worker has settled it meanwhile."""
    if lock_row(row).scan != row.scan:
        return
    row.scan, now = scan, timezone.now()
    row.scanned_at = now if scan in (Scan.CLEAN, Scan.INFECTED) else None
    for name, value in (found or {}).items():
        setattr(row, name, value)
    row.save(update_fields=["scan", "scanned_at", *(found or {})])
    if why:
        by = By.clock(now)
        write(
            row,
            "file.refused",
            by=by,
            what=f"Fichier joint : {scan.label.lower()}",
            note=why,
            label=f"Fichier n° {row.pk}",
            readers=Readers.ANS,
        )
        for teller in _tellers:
            teller(row, why, by)
