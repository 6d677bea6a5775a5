"""Where one prestation stands, in the words of the matrix: for its own page."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from accounts.models import Organisation
from calendar_app.models import Prestation
from calendar_app.rules.standing import word
from calendar_app.selectors.deadlines import Line
from calendar_app.selectors.portfolio import matrix
from calendar_app.selectors.portfolio.groups import stand_of
from calendar_app.selectors.portfolio.safe_days import safe_days
from calendar_app.selectors.rights import supplier_facts


def cells_of(
    prestation: Prestation,
    lines: Sequence[Line],
    organisation: Organisation | None,
    *,
    now: dt.datetime,
) -> list[matrix.Cell]:
    """`lines` are the deadlines of the prestation; its computed delays have no cell."""
    of_milestone = {line.deadline.milestone: line for line in lines if line.deadline.milestone}
    safe = safe_days(of_milestone, organisation, now=now)
    days = {one.milestone.pk: one.day for one in safe}
    facts = supplier_facts(prestation.supplier)
    cells = []
    for column in matrix.columns(of_milestone):
        milestone = column.milestones[0]
        line = of_milestone[milestone]
        stand = stand_of(
            line.deadline,
            reasons=line.unmet,
            facts=facts,
            safe_day=days.get(milestone.pk),
            now=now,
        )
        words = word(stand.standing, column.channel)
        cells.append(matrix.Cell(column, line.deadline.pk, stand.standing, words, stand.why))
    return cells
