"""What the page of a RIS solution says of its premières installations réussies."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import template
from django.utils import timezone

from pilots.pv.selectors.perimeters import standings

if TYPE_CHECKING:
    from calendar_app.models import Solution

register = template.Library()


@register.inclusion_tag("publications/_standings.html", takes_context=True)
def first_installations(context: template.Context, solution: Solution) -> dict[str, Any]:
    """Where they stand, gate by gate; nothing for a DRIMbox, which has no pilot phase."""
    if not solution.dispositif.has_pilots:
        return {"solution": None}
    found = standings(solution, context["request"].user, now=timezone.now())
    return {"solution": solution, "standings": found}
