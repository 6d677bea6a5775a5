"""What the pages «Confidentialité» and «Mentions légales» say."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from parameters.rules.registry import REGISTRY
from parameters.selectors import values
from privacy.models import RetentionRun
from privacy.rules.register import REGISTER, Kept


@dataclass(frozen=True)
class Text:
    """A text of the operator; empty as long as nobody has written it."""

    label: str
    words: str


@dataclass(frozen=True)
class PolicyLine:
    kept: Kept
    lasts: str


def texts(keys: Iterable[str], *, now: dt.datetime) -> list[Text]:
    current = values(at=now)
    return [Text(REGISTRY[key].label, str(current[key])) for key in keys]


def register(*, now: dt.datetime) -> list[PolicyLine]:
    current = values(at=now)
    return [
        PolicyLine(kept, kept.lasts.format(current[kept.months]) if kept.months else kept.lasts)
        for kept in REGISTER.values()
    ]


def last_run() -> RetentionRun | None:
    return RetentionRun.objects.first()
