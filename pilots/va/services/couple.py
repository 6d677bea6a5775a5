"""What a change of couple obliges to look at again, acknowledged."""

from __future__ import annotations

from collections.abc import Collection

from django.core.exceptions import ValidationError
from django.db import transaction

from calendar_app.models import Solution
from journal.rules.by import By
from journal.services.acts import lock_row
from journal.services.entries import write
from pilots.va.models import CoupleCheck
from pilots.va.selectors.couple import review

NO_NOTE = "Indiquez ce que vous avez constaté : la note sera gardée."
NO_POINT = "Choisissez au moins un point."
CHANGED = (
    "Le couple vient de changer encore : relisez la liste avant d'enregistrer ce qui est revu."
)
GONE = "Des points choisis ont été revus ou réglés entre-temps : relisez la liste."


@transaction.atomic
def acknowledge(
    solution: Solution,
    *,
    change: int,
    subjects: Collection[str],
    note: str,
    by: By,
) -> list[CoupleCheck]:
    """Say that these points of the newest change were looked at again, and what was found.

    The solution is locked: neither an edit nor another person's answer comes in between. Raises
    ValidationError for an answer to what the list no longer says.
    """
    row = lock_row(solution, "dispositif", "organisation")
    found = review(row, by.actor)
    if found.change is None or found.change.pk != change:
        raise ValidationError(CHANGED, code="stale")
    if not subjects:
        raise ValidationError({"subjects": NO_POINT})
    if not note.strip():
        raise ValidationError({"note": NO_NOTE})
    if not set(subjects) <= {point.key for point in found.open}:
        raise ValidationError(GONE, code="stale")
    titles = {point.key: point.title for point in found.open}
    write(
        row,
        "couple.check",
        by=by,
        what=f"Revu : {', '.join(titles[subject] for subject in subjects)}",
        note=note.strip(),
    )
    return CoupleCheck.objects.bulk_create(
        CoupleCheck(
            solution=row,
            change=change,
            subject=subject,
            note=note.strip(),
            checked_by_name=by.name,
            checked_at=by.at,
        )
        for subject in subjects
    )
