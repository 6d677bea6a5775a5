"""The files of one prestation or one solution that a person may read. Other apps add theirs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q

from accounts.models import User
from calendar_app.enums import FilingStatus
from calendar_app.models import Filing, PieceFile, Prestation, Proof, Solution
from documents.models import StoredFile
from documents.services.archive import ArchivedFile, MadeFile
from documents.services.integrity import check_seal
from segur.lib.canonical import canonical

Subject = Prestation | Solution


@dataclass(frozen=True)
class FileSource:
    """A kind of file: how it leads to its prestation or its solution («» where it does not). Its
    manager has `visible_to`.
    """

    model: type[StoredFile]
    folder: str
    prestation: str = ""
    solution: str = ""
    only: Q = field(default_factory=Q)

    def of(self, subject: Subject, user: User) -> Iterator[ArchivedFile]:
        path = self.prestation if isinstance(subject, Prestation) else self.solution
        if not path:
            return
        manager: Any = self.model._default_manager  # noqa: SLF001  (documented by Django)
        found = manager.visible_to(user).filter(self.only, **{path: subject}).order_by("pk")
        for file in found:
            yield ArchivedFile(self.folder, file)


_sources = [
    FileSource(
        Proof,
        "Dépôts",
        prestation="filing__deadline__prestation",
        solution="filing__deadline__solution",
        only=Q(withdrawn_at=None, filing__status=FilingStatus.FILED),
    ),
    FileSource(
        PieceFile,
        "Pièces du dossier",
        prestation="piece__deadline__prestation",
        solution="piece__deadline__solution",
    ),
]


def add_files(*sources: FileSource) -> None:
    """From `registrations.py` of an app that stands on this one."""
    _sources.extend(source for source in sources if source not in _sources)


def sources() -> tuple[FileSource, ...]:
    return tuple(_sources)


def archived_files(subject: Subject, user: User) -> list[ArchivedFile]:
    """One query for each kind of file."""
    return [file for source in _sources for file in source.of(subject, user)]


def sealed_receipts(subject: Subject, user: User) -> list[MadeFile]:
    """The receipts of its deposits, in the very bytes that were hashed."""
    path = "prestation" if isinstance(subject, Prestation) else "solution"
    seen = Filing.objects.visible_to(user).filed().filter(**{f"deadline__{path}": subject})
    return [
        MadeFile("Récépissés", f"{one.receipt_number}.json", _sealed(one), one.recorded_at)
        for one in seen.order_by("recorded_at", "pk")
        if one.receipt and one.recorded_at
    ]


def _sealed(filing: Filing) -> bytes:
    """Its receipt in the bytes that were hashed. Raises AlteredError."""
    content = canonical(filing.receipt)
    check_seal(content, sha256=filing.receipt_sha256, number=str(filing.receipt_number))
    return content
