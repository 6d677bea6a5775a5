"""The register of the personal data that the site keeps: each app declares its own lines.

The page «Confidentialité» shows them, and the retention task does what their `forget` says
(`privacy.services.retention`).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeAlias

Forget: TypeAlias = Callable[[dt.datetime, dt.datetime], int]
"""Given now and the instant before which data are too old, forgets what has come to its end and
returns how many rows or files that was."""


@dataclass(frozen=True)
class Kept:
    """One kind of data. `lasts` says how long, in words; `{}` there is the value of `months`, the
    key of a parameter. `forget` is None for what goes with something else: an account, or the
    cache. `law`: why an erased person stays in it, with `columns`, the «table.column» concerned.
    """

    key: str
    what: str
    data: str
    purpose: str
    lasts: str
    months: str = ""
    forget: Forget | None = None
    law: str = ""
    columns: tuple[str, ...] = ()


REGISTER: dict[str, Kept] = {}


def declare(lines: Iterable[Kept], *, first: bool = False) -> None:
    """Called by `registrations.py`, in the order of the page; `first`: before those of others."""
    declared, others = {line.key: line for line in lines}, REGISTER.copy()
    REGISTER.clear()
    REGISTER.update(declared | others if first else others | declared)
