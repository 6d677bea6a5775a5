"""The drafts of an organisation."""

import datetime as dt

from django.urls import reverse

from accounts.models import Membership
from accounts.services.departures import Held
from calendar_app.enums import FilingStatus
from calendar_app.models import Filing


def drafts_of(membership: Membership, _now: dt.datetime) -> list[Held]:
    """What this member has prepared and nobody has filed."""
    count = Filing.objects.filter(
        deadline__organisation=membership.organisation_id,
        prepared_by=membership.user_id,
        status=FilingStatus.DRAFT,
    ).count()
    plural = "s" if count > 1 else ""
    words = f"{count} brouillon{plural} de dépôt"
    kept = "l'organisation les garde" if plural else "l'organisation le garde"
    return [Held(words, reverse("deadlines:index"), outcome=kept)] if count else []
