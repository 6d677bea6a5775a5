"""Reads of the regulatory parameters: what holds at an instant, and what held before."""

import datetime as dt

from calendar_app.models import RegulatoryParameter
from calendar_app.rules.parameters import REGISTRY


def value(key: str, *, at: dt.datetime) -> bool | int | str:
    """The value in effect at the instant: the newest whose date of effect is reached, else the
    registry's default. Raises KeyError for a key that the registry does not know.
    """
    default = REGISTRY[key].default
    newest = (
        RegulatoryParameter.objects.filter(key=key, effective_from__lte=at)
        .order_by("-effective_from", "-pk")
        .values_list("value", flat=True)
        .first()
    )
    return default if newest is None else newest
