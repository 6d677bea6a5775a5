"""The kinds of files: each app registers its own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from django.urls import reverse

from imports.models import Import
from journal.rules.by import By

if TYPE_CHECKING:
    from accounts.models import User

Progress = Callable[[int], None]
"""Called with how many lines have been checked, outside any transaction, else nobody sees it."""
Settle = Callable[[str, str], None]
"""Called with the sentence and the address of the result, in the transaction of the file."""


class AnyImport(Protocol):
    """`run` records the file, all or nothing, and calls `settle` in its transaction; what it
    returns is for who called `confirm`. Raises ValidationError where the file is refused.
    `choose_url`: where another file is chosen. `may`: who is shown that page.
    """

    @property
    def code(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def choose_url(self) -> str: ...
    @property
    def may(self) -> Callable[[User], bool]: ...
    @property
    def run(self) -> Callable[[Import, By, Progress, Settle], Any]: ...


@dataclass(frozen=True)
class ImportKind:
    """A kind that has pages of its own; `choose`: name of the first."""

    code: str
    title: str
    choose: str
    run: Callable[[Import, By, Progress, Settle], Any]
    may: Callable[[User], bool]

    @property
    def choose_url(self) -> str:
        return reverse(self.choose)


KINDS: dict[str, AnyImport] = {}


def register(*kinds: AnyImport) -> None:
    KINDS.update({kind.code: kind for kind in kinds})
