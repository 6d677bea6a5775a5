"""What a page of a solution or of a prestation says of the installation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import template

from pilots.va.selectors.couple import review

if TYPE_CHECKING:
    from calendar_app.models import Prestation, Solution

register = template.Library()


@register.inclusion_tag("installation/_couple_notice.html", takes_context=True)
def couple_notice(
    context: template.Context, solution: Solution, prestation: Prestation | None = None
) -> dict[str, Any]:
    """While points remain to look at again after a change of the couple; nothing otherwise."""
    found = review(solution, context["request"].user, prestation=prestation)
    return {"review": found, "solution": solution, "prestation": prestation}
