"""The burn-up of each dispositif: its prestations realised, against the legal date."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Sequence

from django.db.models import Count
from django.db.models.functions import TruncWeek

from calendar_app.enums import Channel, State
from calendar_app.models import Deadline, Milestone
from calendar_app.rules.board import BoardLine, BoardMark, BoardPicture
from calendar_app.rules.burn_up import MEASURED_WEEKS, Progress, progress
from calendar_app.selectors.outlook import DEPOSITED, last_filings
from segur.lib import paris
from segur.lib.charts import Stroke, whole
from segur.lib.paris import PARIS
from segur.lib.workdays import ONE_DAY

LATE_PICTURE = dt.timedelta(days=180)
"""How far after the legal date the picture follows today's pace."""


def burn_ups(now: dt.datetime) -> Iterator[BoardPicture]:
    """One for each realisation that has a legal date: three queries."""
    milestones = Milestone.objects.filter(channel=Channel.NONE, due_at__isnull=False)
    rows = list(milestones.select_related("dispositif").order_by("dispositif"))
    totals = _totals(rows)
    points = _points(rows)
    for row in rows:
        if totals.get(row.pk):
            yield _burn_up(row, points[row.pk], totals[row.pk], now)


def _totals(milestones: Sequence[Milestone]) -> dict[int, int]:
    """What is not set aside."""
    found = Deadline.objects.filter(milestone__in=milestones).exclude(state=State.NOT_APPLICABLE)
    return dict(found.order_by().values_list("milestone").annotate(Count("pk")))


def _points(milestones: Sequence[Milestone]) -> defaultdict[int, list[tuple[dt.date, int]]]:
    """Milestone → (last day of a week, how many are realised by then)."""
    found = (
        last_filings()
        .filter(deadline__milestone__in=milestones, deadline__state__in=DEPOSITED)
        .annotate(week=TruncWeek("deposited_at", tzinfo=PARIS))
        .order_by("week")
        .values_list("deadline__milestone", "week")
        .annotate(count=Count("pk"))
    )
    points: defaultdict[int, list[tuple[dt.date, int]]] = defaultdict(list)
    for milestone, week, count in found:
        of_it = points[milestone]
        if not of_it:
            of_it.append((week.date() - ONE_DAY, 0))
        of_it.append((week.date() + dt.timedelta(days=6), of_it[-1][1] + count))
    return points


def _burn_up(
    milestone: Milestone, weeks: Sequence[tuple[dt.date, int]], total: int, now: dt.datetime
) -> BoardPicture:
    assert milestone.due_at is not None  # noqa: S101  (chosen by `burn_ups`)
    today, legal_day = paris.day(now), paris.last_day(milestone.due_at)
    done = [*((day, count) for day, count in weeks if day < today)]
    done.append((today, weeks[-1][1] if weeks else 0))
    if len(done) == 1:
        done.insert(0, (today - dt.timedelta(days=7), 0))
    found = progress(done, total=total, legal_day=legal_day, today=today)
    needed = [(today, found.done), (legal_day, total)] if found.left and legal_day > today else []
    ahead = _ahead(found, total, legal_day, today)
    return BoardPicture(
        title=f"{milestone.dispositif} {milestone.number} · {milestone.title}",
        sentence=_sentence(found, total, legal_day, today),
        lines=[
            BoardLine("Fait", Stroke.SOLID, _iso(done)),
            BoardLine("Nécessaire", Stroke.DASHED, _iso(needed)),
            BoardLine("À ce rythme", Stroke.DOTTED, _iso(ahead)),
        ],
        marks=[
            BoardMark("Aujourd'hui", today.isoformat(), is_legal=False),
            BoardMark(f"Date limite {legal_day:%d/%m/%Y}", legal_day.isoformat(), is_legal=True),
        ],
    )


def _ahead(
    found: Progress, total: int, legal_day: dt.date, today: dt.date
) -> list[tuple[dt.date, int]]:
    """Until the end, or as far as the picture goes."""
    if not found.left or not found.per_week:
        return []
    last = max(legal_day, today) + LATE_PICTURE
    if found.ends_on and found.ends_on <= last:
        return [(today, found.done), (found.ends_on, total)]
    reached = found.done + int(found.per_week * (last - today).days / 7)
    return [(today, found.done), (last, min(total, reached))]


def _sentence(found: Progress, total: int, legal_day: dt.date, today: dt.date) -> str:
    begin = f"{whole(found.done)} réalisées sur {whole(total)}"
    if not found.left:
        return f"{begin} : toutes le sont."
    limit = f"la date limite ({legal_day:%d/%m/%Y})"
    need = f" ; il en faut {_number(found.needed)} par semaine" if found.needed else ""
    if not found.per_week:
        since = f"rien depuis {MEASURED_WEEKS} semaines" if found.done else "rien n'est encore fait"
        return f"{begin} : {since}{need}."
    speed = (
        f"Au rythme des {MEASURED_WEEKS} dernières semaines ({_number(found.per_week)} par semaine)"
    )
    if found.ends_on is None:
        end = "la fin n'est pas en vue"
    elif found.ends_on <= legal_day:
        end = f"la fin vient le {found.ends_on:%d/%m/%Y}, avant {limit}"
    else:
        end = f"la fin vient le {found.ends_on:%d/%m/%Y}, après {limit}"
    passed = f" ; {limit} est passée" if legal_day < today else ""
    return f"{begin}. {speed}, {end}{need}{passed}."


def _number(value: float) -> str:
    """Whole from ten on, else with one decimal."""
    return whole(round(value)) if value >= 10 else f"{value:.1f}".replace(".", ",")  # noqa: PLR2004


def _iso(points: Sequence[tuple[dt.date, int]]) -> list[tuple[str, int]]:
    return [(day.isoformat(), value) for day, value in points]
