"""Which PV an agent reviews next."""

from __future__ import annotations

from django.db.models import Q

from accounts.models import User
from accounts.selectors.parties import is_party
from pilots.enums import PVState
from pilots.permissions import can_review
from pilots.pv.models import PilotPV
from pilots.pv.selectors.queue import of_view, own, queue


def reviewable(user: User, *, after: int | None = None) -> list[int]:
    """The PV that this agent has, or that nobody has, in the order of the queue. It begins behind
    `after`, then starts again: what was passed over comes last.
    """
    keys = list(queue(user).values_list("pk", flat=True))
    place = keys.index(after) + 1 if after in keys else 0
    found = set(queue(user).filter(_free(user)).exclude(own(user)).values_list("pk", flat=True))
    return [pk for pk in keys[place:] + keys[:place] if pk in found and pk != after]


def has_reviewable(user: User) -> bool:
    """Whether `reviewable` has one."""
    found = PilotPV.objects.visible_to(user).filter(of_view("", user), _free(user))
    return found.exclude(own(user)).exists()


def _free(user: User) -> Q:
    return of_view("a-prendre", user) | of_view("les-miens", user)


def is_given_to(pv: PilotPV, user: User) -> bool:
    """Whether it waits for this agent by name, who may therefore decide without taking it first."""
    return (
        pv.state == PVState.SENT
        and pv.assigned_to_id == user.pk
        and can_review(user, pv)
        and not is_party(user, pv)
    )
