"""The burn-up of each dispositif: its prestations realised, against the legal date."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from django.db.models import Count

from calendar_app.enums import Channel, State
from calendar_app.models import Deadline, Milestone, Prestation
from calendar_app.rules.board import BoardLine, BoardMark, BoardPicture
from calendar_app.rules.pace import Pace
from calendar_app.selectors.portfolio.pace import realised_by_day
from segur.lib import paris
from segur.lib.numbers import plural, whole


def burn_ups(now: dt.datetime) -> Iterator[BoardPicture]:
    """One for each realisation that is asked of somebody: three queries."""
    milestones = Milestone.objects.filter(channel=Channel.NONE)
    asked = Deadline.objects.filter(milestone__in=milestones).exclude(state=State.NOT_APPLICABLE)
    totals = dict(asked.order_by().values_list("milestone").annotate(Count("pk")))
    by_day = realised_by_day(Prestation.objects.all())
    for row in milestones.select_related("dispositif").order_by("dispositif"):
        if total := totals.get(row.pk):
            done = by_day[row.pk]
            pace = Pace(
                by_day=done,
                left=max(0, total - sum(done.values())),
                today=paris.day(now),
                due_day=paris.last_day(row.due_at) if row.due_at else None,
            )
            yield _picture(row, pace)


def _picture(milestone: Milestone, pace: Pace) -> BoardPicture:
    return BoardPicture(
        title=f"{milestone.dispositif} {milestone.number} · {milestone.title}",
        sentence=_sentence(pace),
        lines=[
            BoardLine(one.label, one.stroke, [(day.isoformat(), n) for day, n in one.points])
            for one in pace.series()
        ],
        marks=[BoardMark(one.label, one.day.isoformat(), one.is_legal) for one in pace.markers()],
    )


def _sentence(pace: Pace) -> str:
    s = plural(pace.done)
    begin = f"{whole(pace.done)} réalisée{s} sur {whole(pace.done + pace.left)}"
    if not pace.left:
        return f"{begin} : il n'en reste aucune."
    need = f" ; il en faut {_number(pace.needed)} par semaine" if pace.needed else ""
    if pace.ends_on is None:
        return f"{begin}, aucune ces {pace.window // 7} dernières semaines{need}."
    end = f"la fin vient le {pace.ends_on:%d/%m/%Y}"
    if pace.due_day:
        side = "après" if (pace.gap or 0) > 0 else "avant"
        end += f", {side} la date limite ({pace.due_day:%d/%m/%Y})"
    return f"{begin}. Au rythme actuel ({_number(pace.per_week)} par semaine), {end}{need}."


def _number(rate: object) -> str:
    return str(rate).replace(".", ",")
