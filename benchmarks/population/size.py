"""How much of everything, for a share of the whole programme."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TypeVar

from django.db import models

M = TypeVar("M", bound=models.Model)
BATCH = 5_000


@dataclass(frozen=True)
class Size:
    """At 1.0: 300 organisations, 2,000 solutions, 38,000 prestations, 120,000 deadlines."""

    share: float
    now: dt.datetime
    draw: random.Random = field(default_factory=lambda: random.Random(2027))  # noqa: S311

    def of(self, whole: int) -> int:
        return max(1, round(whole * self.share))

    def days_ago(self, longest: int) -> dt.datetime:
        """Some instant of the last days, whole seconds."""
        return self.now - dt.timedelta(seconds=self.draw.randrange(1, longest * 86_400))


def save(model: type[M], rows: Iterable[M]) -> list[M]:
    return model._default_manager.bulk_create(rows, batch_size=BATCH)  # noqa: SLF001
