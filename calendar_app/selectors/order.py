"""What is declared before the step it rests on: a payment before its realisation (DESIGN
«Deadline»). By default it is warned of and confirmed; a parameter may refuse it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from django.urls import reverse

from calendar_app.enums import Channel, State
from calendar_app.models import Deadline
from calendar_app.rules.parameters import ORDER_REFUSED
from calendar_app.rules.rights import Unmet
from parameters.selectors import value

SETTLED = (State.FILED, State.ACCEPTED, State.NOT_APPLICABLE)


OF_ORDER = "réalisation"
"""How the reasons of this gate are named in short."""


def undone_before(deadlines: Sequence[Deadline]) -> dict[int, Deadline]:
    """Primary key of a money step still to declare → the realisation that it rests on, where it is
    not declared. One query.
    """
    steps = [d for d in deadlines if d.milestone and d.milestone.is_money_step and d.is_open]
    if not steps:
        return {}
    undone = Deadline.objects.filter(
        prestation__in={step.prestation_id for step in steps}, milestone__channel=Channel.NONE
    ).exclude(state__in=SETTLED)
    of_prestation: defaultdict[int | None, list[Deadline]] = defaultdict(list)
    for row in undone.select_related("milestone", "organisation"):
        of_prestation[row.prestation_id].append(row)
    return {
        step.pk: row
        for step in steps
        for row in of_prestation[step.prestation_id]
        if _number(row) < _number(step)
    }


def unmet_order_of(deadlines: Sequence[Deadline], now: datetime) -> dict[int, list[Unmet]]:
    """A `selectors.gates.Gate`: closed while the parameter refuses what is out of order."""
    if not value(ORDER_REFUSED, at=now):
        return {}
    return {pk: [_unmet(row)] for pk, row in undone_before(deadlines).items()}


def _unmet(row: Deadline) -> Unmet:
    return Unmet(
        f"{row.title} : la réalisation n'est pas déclarée.",
        str(row.organisation),
        url=reverse("deadlines:detail", args=[row.pk]),
        short=OF_ORDER,
    )


def _number(row: Deadline) -> int:
    return row.milestone.number if row.milestone else 0
