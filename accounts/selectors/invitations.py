"""The invitations that wait for somebody."""

import datetime as dt

from django.db.models import QuerySet

from accounts.models import Invitation


def open_to(email: str, now: dt.datetime) -> QuerySet[Invitation]:
    """Those to this address that can still be accepted, oldest first."""
    rows = Invitation.objects.pending().filter(email__iexact=email, expires_at__gt=now)
    return rows.filter(organisation__is_active=True).select_related("organisation").order_by("pk")
