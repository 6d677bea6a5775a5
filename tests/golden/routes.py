"""Every address with objects of the demonstration in it, named by its path."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLResolver, get_resolver, reverse

from tests.addresses import KEYED, PRIVATE, SECRET, SHARED

LEFT_OUT = {
    "account_logout": "ends the session",
    "composants": "samples for developers",
    "mfa_activate_totp": "its secret is another each time",
    "liveness": "for machines, and has its own tests",
    "readiness": "for machines, and has its own tests",
    "work": "for machines, and has its own tests",
    "metrics": "for machines, and has its own tests",
    "perf:statement_pdf": "its words are those of the page; making a PDF is slow",
    "pilots:pv_pdf": "the same",
    "deadlines:receipt_pdf": "the same",
    "deadlines:batch_pdf": "the same",
    "api:docs": "made of the OpenAPI document, which has its own tests",
    "api:docs_group": "the same",
    "help": "the words of docs/guide, which has its own tests",
    "help_guide": "the same",
    "api:openapi": "names functions of the code",
    "open_data:schema": "for machines, and has its own tests",
    "open_data:calendars": "the same",
    "open_data:calendars_jsonld": "the same",
    "open_data:calendars_turtle": "the same",
    "open_data:catalogue_jsonld": "the same",
    "open_data:catalogue_turtle": "the same",
}
SPREAD = {
    "bulk": 12,
    "perf:outage": 9,
    "prestations:detail": 5,
    "perf:prestation": 6,
    "va:detail": 4,
}
"""How many objects an address shows that have no state of their own: 2 elsewhere."""


@dataclass(frozen=True)
class Target:
    which: str
    """What distinguishes this object of an address from the others."""
    url: str
    private: Any = None
    """The object, where those who do not see it get 404."""


@dataclass(frozen=True)
class Route:
    name: str
    path: str
    """As in the address, with the names of its arguments: `echeances/pk/depot/`."""

    @property
    def area(self) -> str:
        return self.path.partition("/")[0] or "home"

    @property
    def file(self) -> str:
        return self.path.partition("/")[2].strip("/").replace("/", "-") or "index"

    def targets(self) -> Iterator[Target]:
        if self.name in SECRET:
            yield Target("wrong secret", reverse(self.name, kwargs=SECRET[self.name]))
        elif rows := {**PRIVATE, **SHARED}.get(self.name):
            for place, row in _chosen(rows.all(), SPREAD.get(self.name, 2)):
                url = reverse(self.name, kwargs=rows.kwargs(row))
                yield Target(place, url, row if self.name in PRIVATE else None)
        else:
            yield Target("", reverse(self.name))


def routes() -> list[Route]:
    return [
        route
        for route in _walk(get_resolver(), (), "")
        if route.name not in LEFT_OUT
        and route.name not in KEYED
        and not route.path.startswith("administration/")
    ]


def _walk(resolver: URLResolver, namespaces: tuple[str, ...], path: str) -> Iterator[Route]:
    for pattern in resolver.url_patterns:
        whole = path + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            inner = (pattern.namespace,) if pattern.namespace else ()
            yield from _walk(pattern, (*namespaces, *inner), whole)
        elif pattern.name:
            shown = re.sub(r"<(?:\w+:)?(\w+)>", r"\1", whole)
            if whole.startswith("compte/"):  # some are regular expressions
                shown = "compte/" + re.sub(r"[^\w-]+", "-", shown.removeprefix("compte/"))
            yield Route(":".join((*namespaces, pattern.name)), shown)


def _chosen(rows: Any, size: int) -> Iterator[tuple[str, Any]]:
    """The first object in each state; of objects without a state, `size` spread over all."""
    ordered = sorted(rows, key=_place)
    states = [state for row in ordered if (state := _state(row)) is not None]
    if len(states) == len(ordered):
        for state in sorted(set(states)):
            yield state, ordered[states.index(state)]
        return
    step = max(1, len(ordered) // size)
    for place in range(0, len(ordered), step)[:size]:
        yield f"no. {place + 1}", ordered[place]


def _place(row: Any) -> Any:
    """What has no row in the database is in the order of its name."""
    names = (getattr(row, name, None) for name in ("pk", "code", "key", "name"))
    return next(found for found in names if found is not None)


def _state(row: Any) -> str | None:
    found = getattr(row, "state", getattr(row, "stage", None))
    return None if found is None or callable(found) else str(found)
