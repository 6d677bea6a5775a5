"""Write to whoever joined a file that was refused after it was stored."""

from __future__ import annotations

from documents.models import StoredFile
from journal.querysets import type_of
from journal.rules.by import By
from mailing.rules import DECISION_MAIL
from mailing.services.mail import tell


def tell_refused(row: StoredFile, why: str, by: By) -> None:
    if row.uploaded_by is None:
        return
    tell(
        [row.uploaded_by],
        kind=DECISION_MAIL,
        template="file_refused",
        context={"file": row, "why": why},
        key=f"fichier:{type_of(row)}:{row.pk}",
        by=by,
    )
