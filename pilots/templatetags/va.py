"""What a list of prestations says of their VA."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django import template

from pilots.va.selectors.va import awaiting_ris

if TYPE_CHECKING:
    from calendar_app.models import Prestation
    from calendar_app.selectors.prestations import PrestationRow

register = template.Library()


@register.simple_tag
def await_ris(rows: Iterable[PrestationRow]) -> set[int]:
    """Primary keys of the prestations «en attente du RIS»; one query."""
    return awaiting_ris(row.prestation.pk for row in rows)


@register.simple_tag
def awaits_ris(prestation: Prestation) -> bool:
    """Whether its VA is «en attente du RIS»; one query."""
    return prestation.pk in awaiting_ris([prestation.pk])
