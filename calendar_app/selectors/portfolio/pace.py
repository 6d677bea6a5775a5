"""The pace of the realisations, for each dispositif."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass

from django.db.models import Count, QuerySet
from django.db.models.functions import TruncDate

from calendar_app.enums import Channel, State
from calendar_app.models import Filing, Milestone, Prestation
from calendar_app.rules.pace import Pace
from calendar_app.rules.standing import DONE, Standing
from calendar_app.selectors.portfolio.groups import Stands
from segur.lib import charts, paris


@dataclass(frozen=True)
class PaceOf:
    milestone: Milestone
    pace: Pace

    @property
    def chart(self) -> charts.CurveChart | None:
        return charts.curves(self.pace.series(), markers=self.pace.markers())

    @property
    def description(self) -> str:
        """The picture in words, for who does not see it."""
        pace = self.pace
        words = [f"{pace.done} sur {self.total} au {pace.today:%d/%m/%Y}"]
        if pace.due_day:
            words.append(f"date limite {pace.due_day:%d/%m/%Y}")
        if pace.ends_on:
            words.append(f"fin à ce rythme {pace.ends_on:%d/%m/%Y}")
        return f"{', '.join(words)}. Le tableau qui suit donne les chiffres."

    @property
    def total(self) -> int:
        return self.pace.done + self.pace.left


def paces(
    prestations: QuerySet[Prestation],
    milestones: list[Milestone],
    stands: Stands,
    *,
    now: dt.datetime,
) -> list[PaceOf]:
    """One for each dispositif with something to realise; `stands` counts these prestations. One
    query."""
    by_day = realised_by_day(prestations)
    counts = stands.per_milestone()
    found = []
    for milestone in milestones:
        if milestone.channel != Channel.NONE or milestone.pk not in counts:
            continue
        counted = counts[milestone.pk]
        settled = sum(counted[one] for one in (*DONE, Standing.NOT_APPLICABLE))
        pace = Pace(
            by_day=by_day[milestone.pk],
            left=counted.total() - settled,
            today=paris.day(now),
            due_day=paris.last_day(milestone.due_at) if milestone.due_at else None,
        )
        found.append(PaceOf(milestone, pace))
    return [one for one in found if one.total]


def realised_by_day(
    prestations: QuerySet[Prestation],
) -> defaultdict[int, dict[dt.date, int]]:
    """Milestone id → Paris day → how many were realised: the last filing of each deadline that is
    filed or confirmed. One query.
    """
    filings = (
        Filing.objects.filed()
        .filter(
            deadline__prestation__in=prestations.order_by().values("pk"),
            deadline__milestone__channel=Channel.NONE,
            deadline__state__in=(State.FILED, State.ACCEPTED),
            deposited_at__isnull=False,
        )
        .exclude(decision__in=(State.TO_CORRECT, State.REFUSED))
        .annotate(day=TruncDate("deposited_at", tzinfo=paris.PARIS))
        .order_by()
        .values_list("deadline__milestone", "day")
        .annotate(count=Count("deadline", distinct=True))
    )
    found: defaultdict[int, dict[dt.date, int]] = defaultdict(dict)
    for milestone, day, count in filings:
        found[milestone][day] = count
    return found
