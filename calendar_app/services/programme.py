"""The figures of the programme, kept with their age."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from calendar_app.models import KeptFigures
from calendar_app.rules.board import BoardSection, from_json, to_json
from calendar_app.selectors.programme import board
from calendar_app.services import summaries

if TYPE_CHECKING:
    from accounts.models import User

NAME = "programme"


@dataclass(frozen=True)
class ProgrammeFigures:
    kept: KeptFigures

    @property
    def made_at(self) -> dt.datetime:
        return self.kept.made_at

    @cached_property
    def sections(self) -> list[BoardSection]:
        return from_json(self.kept.data)


def programme(*, now: dt.datetime, user: User | None = None) -> ProgrammeFigures:
    """What `user` did is always in it."""
    return ProgrammeFigures(summaries.current(NAME, _count, now=now, user=user))


def refresh(*, now: dt.datetime) -> None:
    summaries.renew(NAME, _count, now=now)


def _count(now: dt.datetime) -> list[dict[str, Any]]:
    return to_json(board(now=now))
