"""What the page of a deadline says of the requests recorded in the pilots."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import template

from pilots.pv.models import AspRequest
from pilots.pv.selectors.deposits import deposited_for

if TYPE_CHECKING:
    from calendar_app.models import Deadline

register = template.Library()


@register.simple_tag
def asp_deposits(deadline: Deadline) -> list[AspRequest]:
    """The requests recorded as deposited while the deadline is not declared; empty otherwise."""
    return deposited_for(deadline)
