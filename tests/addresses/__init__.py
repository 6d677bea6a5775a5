"""Every address of the site, with real objects in it: what the walks of e2e/ and security/ visit.

A new address that takes an argument is added to PRIVATE or SHARED (`objects.py`) or to SECRET
(`public.py`): else the walks fail, and name it.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import URLResolver, get_resolver, reverse

from accounts.models import User
from tests.addresses.objects import PRIVATE, SHARED
from tests.addresses.public import PUBLIC, PUBLIC_ACCOUNT, SECRET

__all__ = ["KEYED", "PRIVATE", "PUBLIC", "SECRET", "SHARED", "Address", "addresses"]


@dataclass(frozen=True)
class Address:
    name: str
    is_plain: bool

    @property
    def is_public(self) -> bool:
        return self.name in PUBLIC or self.name in PUBLIC_ACCOUNT

    @property
    def is_keyed(self) -> bool:
        """The key of an organisation opens it, and no login does: its objects are in
        `tests/api_world.py`."""
        return self.name.startswith("api:") and self.name not in PUBLIC

    def urls(self, size: int = 6, seen_by: User | None = None) -> Iterator[str]:
        """With some of the objects that it may show: to this person, or to anybody at all."""
        if self.is_plain:
            yield reverse(self.name)
        elif self.name in SECRET:
            yield reverse(self.name, kwargs=SECRET[self.name])
        else:
            rows = {**PRIVATE, **SHARED}[self.name]
            for row in rows.sample(size, seen_by=seen_by if self.name in PRIVATE else None):
                yield reverse(self.name, kwargs=rows.kwargs(row))


def addresses() -> list[Address]:
    """Those of the application; Django's admin is another matter."""
    return [
        address for address in _walk(get_resolver(), ()) if not address.name.startswith("admin:")
    ]


def _walk(resolver: URLResolver, namespaces: tuple[str, ...]) -> Iterator[Address]:
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            inner = (pattern.namespace,) if pattern.namespace else ()
            yield from _walk(pattern, (*namespaces, *inner))
        elif pattern.name:
            regex = pattern.pattern.regex
            yield Address(":".join((*namespaces, pattern.name)), is_plain=not regex.groups)


KEYED = {address.name for address in addresses() if address.is_keyed}
"""The addresses of the API."""
