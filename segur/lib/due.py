"""A date to keep, and the estimate that may stand beside it (DESIGN «Calendar as data»).

Reminders, countdowns and lateness follow `due_at`, the regulatory date, alone. An estimate carries
«≈» wherever it is written, and never stands for a regulatory date that is missing.
"""

import datetime as dt
from collections.abc import Callable
from typing import Protocol

from segur.lib import paris

UNDATED = "date non fixée"
APPROXIMATE = "≈ "


class Dated(Protocol):
    """A milestone, a deadline, or what a list makes of them. One of the two dates is there."""

    @property
    def due_at(self) -> dt.datetime | None: ...

    @property
    def estimated_at(self) -> dt.datetime | None: ...


def words(
    dated: Dated, style: Callable[[dt.datetime], str] = paris.due_short, *, before: bool = False
) -> str:
    """«avant le 09/06/2027 12h, ≈ 15/09/2027 12h», «date non fixée, ≈ 15/09/2027 12h». `before`
    leads to a regulatory date with «avant le» or «au plus tard le».
    """
    estimate = f"{APPROXIMATE}{style(dated.estimated_at)}" if dated.estimated_at else ""
    if dated.due_at is None:
        return f"{UNDATED}, {estimate}"
    date = (paris.before(dated.due_at) if before else "") + style(dated.due_at)
    return f"{date}, {estimate}" if estimate else date


def estimate_words(dated: Dated) -> str:
    """«≈ 15/09/2027 12h» for a column of its own; "" without estimate."""
    return f"{APPROXIMATE}{paris.due_short(dated.estimated_at)}" if dated.estimated_at else ""
