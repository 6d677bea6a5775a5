"""The kinds of files: each app registers its own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from imports.models import Import
from journal.rules.by import By

Progress = Callable[[int], None]
"""Told how many lines have been looked at: outside any transaction, else nobody sees it."""
Settle = Callable[[str, str], None]
"""Told the sentence and the address of the result, in the transaction that records the file."""


@dataclass(frozen=True)
class ImportKind:
    """`run` records the file, all or nothing, and calls `settle` in its transaction; what it
    returns is for who called `confirm`. Raises ValidationError where the file is refused. `choose`:
    name of the address where another file is chosen.
    """

    code: str
    title: str
    choose: str
    run: Callable[[Import, By, Progress, Settle], Any]


KINDS: dict[str, ImportKind] = {}


def register(kind: ImportKind) -> None:
    KINDS[kind.code] = kind
