"""What a page asks for several times and reads once."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar

T = TypeVar("T")

_found: ContextVar[dict[Hashable, Any] | None] = ContextVar("read by a page", default=None)


@contextmanager
def reading() -> Iterator[None]:
    """Within, `once` finds each thing once: for a request that changes nothing."""
    token = _found.set({})
    try:
        yield
    finally:
        _found.reset(token)


def once(key: Hashable, find: Callable[[], T]) -> T:
    """What `find` gives; within `reading`, what it gave the first time for this key."""
    found = _found.get()
    if found is None:
        return find()
    if key not in found:
        found[key] = find()
    value: T = found[key]
    return value
