"""What a search asks, and what each app answers with (`selectors/search.py` of the apps)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property, reduce
from operator import or_
from typing import TYPE_CHECKING, Any, TypeVar

from django.db.models import Model, Q, QuerySet

from segur.lib.search import halves, is_near, words
from segur.lib.texts import compact, fold

if TYPE_CHECKING:
    from accounts.models import User

R = TypeVar("R", bound=Model)

SHOWN = 10
"""Hits of one kind on the page."""

COUNTED = 1_000
"""Beyond, the page says «plus de 1 000»."""

CANDIDATES = 1_000
"""Rows that share half a word with what is asked: as many are compared letter by letter."""

DIGEST = re.compile(r"[0-9a-f]{64}")
NUMBER_FROM = 5
"""Digits of the shortest official number that is looked for without its spaces."""


@dataclass(frozen=True)
class Asked:
    """What was typed. `user` sees the rows that its answers start from (`visible_to`)."""

    text: str
    user: User
    known: dict[str, Any] = field(default_factory=dict, compare=False)
    """What several sources ask for, found once for one search."""

    @cached_property
    def words(self) -> list[str]:
        """A number typed with spaces or dots is one word."""
        number = compact(self.text)
        if number.isdecimal() and len(number) >= NUMBER_FROM:
            return [number]
        return words(self.text)

    @cached_property
    def reference(self) -> str:
        return fold(self.text).strip()

    @cached_property
    def digest(self) -> str:
        """A SHA-256, or ""."""
        text = self.text.strip().lower()
        return text if DIGEST.fullmatch(text) else ""


@dataclass(frozen=True)
class Hit:
    """A row of the page. `is_exact`: what was typed is its very reference."""

    title: str
    url: str
    about: str = ""
    is_exact: bool = False


@dataclass(frozen=True)
class Found:
    """The hits of one kind, the best first; `total` counts those that are not shown too."""

    label: str
    total: int
    hits: list[Hit] = field(default_factory=list)
    more: str = ""
    """The list of the site that has them all, where there is one."""

    @property
    def beyond(self) -> bool:
        return self.total > COUNTED


Source = Callable[[Asked], Iterator[Found]]
"""A constant number of queries, whatever there is."""


def narrow(rows: QuerySet[R], asked: Asked, field: str = "search_text") -> QuerySet[R]:
    """Those whose plain text has every word; where no row has, those within one letter of each."""
    if not asked.words:
        return rows.none()
    exact = rows.filter(*(Q(**{f"{field}__contains": word}) for word in asked.words))
    if exact.exists():
        return exact
    if not any(halves(word) for word in asked.words):
        return rows.none()
    near = rows.filter(*(_parts(word, field) for word in asked.words))
    candidates = near.order_by("pk").values_list("pk", field)[:CANDIDATES]
    keys = [pk for pk, text in candidates if is_near(asked.words, text)]
    return rows.model._default_manager.filter(pk__in=keys)  # noqa: SLF001


def _parts(word: str, field: str) -> Q:
    return reduce(or_, (Q(**{f"{field}__contains": part}) for part in (word, *halves(word))))


def found(
    label: str,
    rows: QuerySet[R],
    hit: Callable[[R], Hit],
    *,
    related: Iterable[str] = (),
    more: str = "",
) -> Iterator[Found]:
    """Nothing where there is no row. Their keys first, then the first of them with what is
    `related`: the planner of PostgreSQL spends most of a search on joins of what is then not found.
    """
    keys = list(rows.values_list("pk", flat=True)[: COUNTED + 1])
    if not keys:
        return
    shown = rows.model._default_manager.select_related(*related).in_bulk(keys[:SHOWN])  # noqa: SLF001
    hits = sorted((hit(shown[pk]) for pk in keys[:SHOWN]), key=lambda one: not one.is_exact)
    yield Found(label, len(keys), hits, more if len(keys) > SHOWN else "")


def referenced(model: type[R], asks: Q) -> QuerySet[R, Any] | None:
    """The keys of the rows that have a reference, for a condition on what the person may see. None
    where no row has it, read from its index before anything is joined: most searches name none.
    """
    rows = model._default_manager.order_by().filter(asks)  # noqa: SLF001
    return rows.values("pk") if rows.exists() else None


def by_reference(asked: Asked, *paths: str) -> Q:
    """One of the columns is what was typed, whatever the case."""
    return reduce(or_, (Q(**{f"{path}__iexact": asked.reference}) for path in paths))


def is_reference(asked: Asked, *values: str | None) -> bool:
    return asked.reference.casefold() in {(value or "").casefold() for value in values} - {""}


def search(sources: Iterable[Source], asked: Asked) -> list[Found]:
    """By kind: those that hold the very reference first."""
    groups = [group for source in sources for group in source(asked)]
    return sorted(groups, key=lambda group: not any(hit.is_exact for hit in group.hits))
