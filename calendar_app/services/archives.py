"""The dossier of a prestation or a solution as one archive."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import transaction

from calendar_app.models import Prestation
from calendar_app.selectors.archives import Subject, archived_files, sealed_receipts
from documents.services.archive import archive, check_size
from journal.rules.by import By
from journal.rules.workflow import LABELS
from journal.services.entries import write

LABELS.update(
    {
        "prestation.archive": "Dossier de la prestation exporté",
        "solution.archive": "Dossier de la solution exporté",
    }
)


@transaction.atomic
def export_archive(subject: Subject, *, by: By) -> Iterator[bytes]:
    """Every file that the actor may read, as a ZIP; the journal says who took it. Raises
    ValidationError beyond the bounds.
    """
    files, receipts = archived_files(subject, by.actor), sealed_receipts(subject, by.actor)
    check_size(files)
    count = len(files) + len(receipts)
    name = "prestation" if isinstance(subject, Prestation) else "solution"
    what = f"Dossier exporté : {count} fichier{'s' if count > 1 else ''}"
    write(subject, f"{name}.archive", by=by, what=what)
    return archive(_about(subject), files, made=receipts, at=by.at)


def _about(subject: Subject) -> dict[str, str]:
    if isinstance(subject, Prestation):
        return {
            "dossier": "prestation",
            "client": f"{subject.client}, FINESS {subject.client.finess}",
            "solution": str(subject.supplier.solution),
            "fournisseur": str(subject.organisation),
            "dispositif": str(subject.dispositif),
        }
    return {
        "dossier": "solution",
        "solution": str(subject),
        "editeur": str(subject.organisation),
        "dispositif": str(subject.dispositif),
    }
