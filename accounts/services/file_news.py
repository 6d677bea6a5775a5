"""Write to whoever joined a file that was refused after it was stored."""

from __future__ import annotations

from documents.models import StoredFile
from documents.services.waiting import place_of
from journal.querysets import type_of
from journal.rules.by import By
from mailing.rules import DECISION_MAIL
from mailing.services.links import absolute
from mailing.services.mail import tell


def tell_refused(row: StoredFile, why: str, by: By) -> None:
    if row.uploaded_by is None:
        return
    tell(
        [row.uploaded_by],
        kind=DECISION_MAIL,
        template="file_refused",
        context={
            "file": row,
            "why": why,
            "button_url": absolute(place_of(row)),
            "button_label": "Joindre un autre fichier",
        },
        key=f"fichier:{type_of(row)}:{row.pk}",
        by=by,
    )
