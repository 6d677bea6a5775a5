"""The margin that an organisation keeps before each legal date."""

from __future__ import annotations

from django.db import transaction

from accounts.models import Organisation
from calendar_app.models import SafetyMargin
from calendar_app.rules.safe_days import DEFAULT_MARGIN
from journal.rules.by import By
from journal.services.acts import lock_row
from journal.services.entries import write


@transaction.atomic
def margin_set(organisation: Organisation, *, days: int, by: By) -> SafetyMargin:
    """Raises ValidationError for a margin that is too long."""
    lock_row(organisation)
    row = SafetyMargin.objects.filter(organisation=organisation).first()
    before = row.days if row else DEFAULT_MARGIN
    row = row or SafetyMargin(organisation=organisation)
    row.days = days
    row.full_clean()
    row.save()
    if days != before:
        write(
            organisation,
            "margin",
            by=by,
            what=f"Marge avant les dates limites : {days} jours ouvrés",
            organisation_id=organisation.pk,
            before={"days": before},
            after={"days": days},
        )
    return row
