"""What pages of other apps show of the pilots, of the VA and of the installation."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django import template
from django.utils import timezone

from pilots.pv.models import AspRequest
from pilots.pv.selectors.deposits import deposited_for
from pilots.pv.selectors.perimeters import standings
from pilots.va.selectors.couple import review
from pilots.va.selectors.va import awaiting_ris

if TYPE_CHECKING:
    from calendar_app.models import Deadline, Prestation, Solution
    from calendar_app.selectors.prestations import PrestationRow

register = template.Library()


@register.simple_tag
def asp_deposits(deadline: Deadline) -> list[AspRequest]:
    """The requests recorded as deposited while the deadline is not declared; empty otherwise."""
    return deposited_for(deadline)


@register.inclusion_tag("installation/_couple_notice.html", takes_context=True)
def couple_notice(
    context: template.Context, solution: Solution, prestation: Prestation | None = None
) -> dict[str, Any]:
    """While points remain to check again after a change of the couple; nothing otherwise."""
    found = review(solution, context["request"].user, prestation=prestation)
    return {"review": found, "solution": solution, "prestation": prestation}


@register.inclusion_tag("publications/_standings.html", takes_context=True)
def first_installations(context: template.Context, solution: Solution) -> dict[str, Any]:
    """Where they stand, gate by gate; nothing for a DRIMbox, which has no pilot phase."""
    if not solution.dispositif.has_pilots:
        return {"solution": None}
    found = standings(solution, context["request"].user, now=timezone.now())
    return {"solution": solution, "standings": found}


@register.simple_tag
def await_ris(rows: Iterable[PrestationRow]) -> set[int]:
    """Primary keys of the prestations «en attente du RIS»; one query."""
    return awaiting_ris(row.prestation.pk for row in rows)


@register.simple_tag
def awaits_ris(prestation: Prestation) -> bool:
    """Whether its VA is «en attente du RIS»; one query."""
    return prestation.pk in awaiting_ris([prestation.pk])
