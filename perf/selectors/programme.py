"""PERF of the park, for the programme of the ANS: its distribution, the worst, the months."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence

from django.db import transaction
from django.urls import reverse

from calendar_app.models import Prestation
from calendar_app.rules.board import (
    BoardCell,
    BoardLine,
    BoardPicture,
    BoardRow,
    BoardSection,
    BoardTable,
)
from perf.display import words
from perf.engine.instants import HOUR, Interval, to_us
from perf.enums import Period
from perf.models import Outage
from perf.rules.periods import MOMENT, ObservationPeriod, containing
from perf.selectors.overview import VIEWS, OverviewRow, in_order, overview
from perf.selectors.park import close_park
from perf.selectors.rules import park_rules, period_kind
from segur.lib import paris
from segur.lib.charts import Stroke
from segur.lib.numbers import whole

PARTS = ("perf-1", "perf-0-5", "perf-0", "sans-mesure", "a-declarer")
"""The views that a prestation is in one of: they add up."""

WORST, MONTHS = 5, 12


def park(now: dt.datetime) -> BoardSection:
    """A number of queries that does not grow with the park: each month reads its own outages."""
    now = now.replace(microsecond=0)
    period = containing(now, period_kind(now))
    rows = overview(Prestation.objects.filter(dispositif__has_perf=True), period=period, now=now)
    months = list(_months(now))
    return BoardSection(
        "perf",
        "PERF du parc",
        tables=[_distribution(rows, period), _worst(rows), _by_month(months)],
        pictures=[_picture(months)] if any(hours for _month, _count, hours in months) else [],
    )


def _distribution(rows: Sequence[OverviewRow], period: ObservationPeriod) -> BoardTable:
    page = reverse("perf:index")
    cells = [
        BoardCell(
            sum(map(VIEWS[name][1], rows)),
            f"{page}?vue={name}",
            is_alarming=name == "perf-0",
        )
        for name in PARTS
    ]
    return BoardTable(
        code="perf",
        caption=f"Prestations DRIMbox selon leur PERF, {period.label}",
        head="Prestations",
        columns=[*(VIEWS[name][0] for name in PARTS), "Total"],
        rows=[BoardRow("DRIMbox", [*cells, BoardCell(len(rows), page)], note=period.label)],
        is_public=True,
        has_total=True,
    )


def _worst(rows: Sequence[OverviewRow]) -> BoardTable:
    low = [row for row in rows if row.figure and row.figure.perf < 1]
    return BoardTable(
        code="perf-plus-bas",
        caption="Prestations dont le PERF est le plus bas",
        head="Prestation",
        columns=["Fournisseur", "Indisponibilité (D_f)", "PERF"],
        rows=[
            BoardRow(
                row.client,
                [
                    BoardCell(words=row.organisation),
                    BoardCell(words=words.duration(row.figure.counted)),
                    BoardCell(words=words.perf(row.figure.perf), is_alarming=row.figure.perf == 0),
                ],
                url=reverse("perf:prestation", args=[row.pk]),
                note=row.solution,
            )
            for row in in_order(low, "perf", falling=False)[:WORST]
            if row.figure
        ],
        empty="Aucune prestation n'a de PERF inférieur à 1.",
    )


Month = tuple[ObservationPeriod, int, int]
"""A month, how many indisponibilités counted in it, and their hours in all (D_f)."""


def _months(now: dt.datetime) -> Iterator[Month]:
    """The last twelve, this one included, each by the rules of its end."""
    month, months = containing(now, Period.MONTH), []
    for _ in range(MONTHS):
        months.append(month)
        month = month.previous
    for one in reversed(months):
        rules = park_rules(min(now, one.end - MOMENT)).of()
        with transaction.atomic():
            lines = close_park(
                Outage.objects.all(),
                period=Interval(to_us(one.start), to_us(one.end)),
                rules=rules,
                now=to_us(now),
            )
            outages = counted = 0
            for line in lines:
                outages += line.outages
                counted += line.counted(rules.base)
        yield one, outages, counted // HOUR


def _by_month(months: Sequence[Month]) -> BoardTable:
    return BoardTable(
        code="perf-mois",
        caption="Indisponibilités du parc par mois",
        head="Mois",
        columns=["Indisponibilités", "Heures comptées (D_f)"],
        rows=[
            BoardRow(
                month.label,
                [BoardCell(count), BoardCell(words=whole(hours))],
            )
            for month, count, hours in months
        ],
        is_public=True,
        is_folded=True,
    )


def _picture(months: Sequence[Month]) -> BoardPicture:
    hours = [(paris.day(month.start).isoformat(), total) for month, _count, total in months]
    last, before = months[-2], months[-3]
    way = "de plus" if last[2] > before[2] else "de moins"
    change = abs(last[2] - before[2])
    than = f", {whole(change)} {way} qu'en {before[0].label}" if change else ""
    return BoardPicture(
        title="Heures d'indisponibilité comptées par mois",
        sentence=f"{whole(last[2])} heures comptées en {last[0].label}{than}.",
        lines=[BoardLine("Heures", Stroke.SOLID, hours)],
    )
