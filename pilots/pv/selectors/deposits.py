"""The requests to the ASP, and the milestone that declares their deposit (DOMAIN §2, n° 4)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet

from calendar_app.models import Deadline
from pilots.enums import AspRequestKind, AspRequestState
from pilots.pv.models import AspRequest

if TYPE_CHECKING:
    from calendar_app.models import Prestation

AVANCE = 4
"""The number of the milestone «Dépôt des demandes de financement et de paiement de l'avance»."""


def undeclared(prestation: Prestation) -> Deadline | None:
    """The deadline that is still to be declared although both requests are recorded as deposited:
    the two pages would contradict each other without a word.
    """
    if not _deposited(prestation):
        return None
    return Deadline.objects.open().filter(prestation=prestation, milestone__number=AVANCE).first()


def deposited_for(deadline: Deadline) -> list[AspRequest]:
    """The requests recorded as deposited that this open deadline does not know of; empty for any
    other deadline.
    """
    milestone, prestation = deadline.milestone, deadline.prestation
    if milestone is None or milestone.number != AVANCE or prestation is None:
        return []
    return _deposited(prestation) if deadline.is_open else []


def _deposited(prestation: Prestation) -> list[AspRequest]:
    """Both requests, each with the day of its deposit; empty when one of them has none."""
    found = list(AspRequest.objects.filter(prestation=prestation, deposited_on__isnull=False))
    return found if len(found) == len(AspRequestKind) else []


def paid_advances() -> QuerySet[Any, Any]:
    """The prestations whose avance the ASP has paid, for the money of the portfolio."""
    paid = AspRequest.objects.filter(kind=AspRequestKind.ADVANCE, state=AspRequestState.PAID)
    return paid.values("prestation")
