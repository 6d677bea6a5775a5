"""«Prendre le suivant»: an agent goes from one PV to the next."""

from __future__ import annotations

from django.core.exceptions import ValidationError

from journal.rules.by import By
from pilots.enums import PVState
from pilots.pv.models import PilotPV
from pilots.pv.selectors.next_pv import reviewable
from pilots.pv.services.review import reviewer_of, take


def take_next(*, by: By, after: int | None = None) -> PilotPV | None:
    """The next PV of the queue, taken; None when none is left. One that another agent takes at the
    same second is passed over.
    """
    for pk in reviewable(by.actor, after=after):
        pv = PilotPV.objects.get(pk=pk)
        if pv.state == PVState.IN_REVIEW and reviewer_of(pv) == by.actor:
            return pv
        try:
            return take(pv, by=by)
        except ValidationError:
            continue
    return None
