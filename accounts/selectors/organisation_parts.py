"""What the page of an industriel sums up, for the ANS: apps add their parts when they are ready."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.http import urlencode

from segur.lib.registry import Registry

if TYPE_CHECKING:
    from accounts.models import Organisation


@dataclass(frozen=True, slots=True)
class OrganisationFact:
    """A count, and the list of exactly those rows where there is one."""

    label: str
    count: int
    url: str = ""
    is_alarming: bool = False


@dataclass(frozen=True, slots=True)
class OrganisationPart:
    title: str
    facts: Sequence[OrganisationFact]


Source = Callable[["Organisation", dt.datetime], Iterable[OrganisationPart]]
"""Organisation and instant → what an app knows of it; a number of queries that does not grow."""

_sources: Registry[Source] = Registry()
add_part = _sources.add
"""From `registrations.py` of an app that stands on this one."""


def parts_of(organisation: Organisation, *, now: dt.datetime) -> list[OrganisationPart]:
    return [part for source in _sources for part in source(organisation, now)]


def address(name: str, **filters: str | int) -> str:
    return f"{reverse(name)}?{urlencode(filters)}"
