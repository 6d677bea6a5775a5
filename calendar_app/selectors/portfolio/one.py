"""Where one prestation stands, in the words of the matrix: for its own page."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from accounts.models import Organisation
from calendar_app.models import Prestation
from calendar_app.selectors.portfolio import matrix
from calendar_app.selectors.portfolio.groups import grouped, milestones_of, stands_of
from calendar_app.selectors.portfolio.safe_days import safe_days


def cells_of(
    prestation: Prestation, organisation: Organisation | None, *, now: dt.datetime
) -> Sequence[matrix.Cell]:
    milestones = milestones_of(prestation.dispositif.slug)
    safe = safe_days(milestones, organisation, now=now)
    deadlines = grouped(Prestation.objects.filter(pk=prestation.pk), now=now)
    days = {one.milestone.pk: one.day for one in safe}
    stands = stands_of(deadlines, safe_days=days, now=now)
    [row] = matrix.rows([prestation], deadlines, matrix.columns(milestones), stands)
    return [cell for cell in row.cells if cell]
