"""The whole programme, for the ANS: sections of figures, those of other apps beside our own."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from django.db.models import Count, Min
from django.db.models.functions import Coalesce
from django.urls import reverse

from accounts.models import Organisation
from calendar_app.enums import State
from calendar_app.models import Deadline, Filing, Milestone
from calendar_app.querysets import SOONEST
from calendar_app.rules.board import BoardCell, BoardRow, BoardSection, BoardTable
from calendar_app.rules.outlook import PROGRESS, Outlook
from calendar_app.selectors.burn_up import burn_ups
from calendar_app.selectors.outlook import in_outlook, outlook_case
from segur.lib import due, paris
from segur.lib.registry import Registry
from segur.lib.workdays import working_days

SHOWN, LATE_SHOWN = 10, 5
"""Rows of a table that names organisations, before it is opened."""

Section = Callable[[dt.datetime], BoardSection]
"""An instant → what an app shows of the programme then; a number of queries that does not grow."""

_sections: Registry[Section] = Registry()
add_section = _sections.add
"""From `registrations.py` of an app that stands on this one."""


def board(*, now: dt.datetime) -> list[BoardSection]:
    counted = _counted(now)
    own = [_late(now), _milestones(counted), _deposits(now), _editeurs(counted), _pace(now)]
    return [*own, *(section(now) for section in _sections)]


@dataclass(frozen=True, slots=True)
class _Count:
    milestone: int | None
    editeur: int
    outlook: Outlook
    count: int


def _counted(now: dt.datetime) -> list[_Count]:
    """Every deadline once, in one query."""
    editeur = Coalesce("solution__organisation", "prestation__supplier__solution__organisation")
    rows = (
        Deadline.objects.order_by()
        .annotate(editeur=editeur, outlook=outlook_case(now))
        .values_list("milestone", "editeur", "outlook")
        .annotate(count=Count("pk"))
    )
    return [_Count(milestone, one, Outlook(name), count) for milestone, one, name, count in rows]


def deadlines_url(**filters: object) -> str:
    """The list of all deadlines, narrowed."""
    return f"{reverse('deadlines:index')}?{urlencode({'vue': 'toutes', **filters})}#liste"


def _cells(counts: Mapping[Outlook, int], **filters: object) -> list[BoardCell]:
    return [
        BoardCell(
            counts.get(outlook, 0),
            deadlines_url(situation=outlook.value, **filters),
            is_alarming=outlook.is_alarming,
        )
        for outlook in Outlook
    ]


def _milestones(counted: list[_Count]) -> BoardSection:
    by_milestone: defaultdict[int | None, Counter[Outlook]] = defaultdict(Counter)
    for row in counted:
        by_milestone[row.milestone][row.outlook] += row.count
    milestones = Milestone.objects.select_related("dispositif").order_by(SOONEST, "dispositif")
    rows = [_milestone(row, by_milestone[row.pk]) for row in milestones]
    return BoardSection(
        code="jalons",
        title="Jalons",
        is_first=True,
        tables=[
            BoardTable(
                code="jalons",
                caption="Échéances de chaque jalon selon leur situation : chacune est comptée une "
                "fois",
                head="Jalon",
                columns=[*(outlook.label for outlook in Outlook), "Total"],
                rows=rows,
                is_public=True,
                has_total=True,
            )
        ],
    )


def _milestone(row: Milestone, counts: Mapping[Outlook, int]) -> BoardRow:
    total = BoardCell(sum(counts.values()), deadlines_url(jalon=row.code))
    return BoardRow(
        label=f"{row.dispositif} {row.number} · {row.title}",
        cells=[*_cells(counts, jalon=row.code), total],
        note=due.words(row),
    )


def _editeurs(counted: list[_Count]) -> BoardSection:
    by_editeur: defaultdict[int, Counter[Outlook]] = defaultdict(Counter)
    for row in counted:
        by_editeur[row.editeur][row.outlook] += row.count
    names = dict(Organisation.objects.filter(pk__in=by_editeur).values_list("pk", "name"))

    def worst_first(pk: int) -> tuple[int, int, str]:
        counts = by_editeur[pk]
        return -counts[Outlook.LATE], -counts[Outlook.NEAR], names[pk]

    rows = [_editeur(pk, names[pk], by_editeur[pk]) for pk in sorted(by_editeur, key=worst_first)]
    table = BoardTable(
        code="editeurs",
        caption="Échéances des solutions de chaque éditeur, celles de ses distributeurs comprises",
        head="Éditeur",
        columns=[*(outlook.label for outlook in PROGRESS), "Total"],
        rows=rows,
        shown=SHOWN,
        empty="Aucun éditeur n'a d'échéance.",
    )
    return BoardSection("editeurs", "Éditeurs", tables=[table])


def _editeur(pk: int, name: str, counts: Mapping[Outlook, int]) -> BoardRow:
    progress = [
        cell
        for cell, one in zip(_cells(counts, editeur=pk), Outlook, strict=True)
        if one in PROGRESS
    ]
    total = BoardCell(sum(counts.values()), deadlines_url(editeur=pk))
    url = reverse("accounts:organisation_detail", args=[pk])
    return BoardRow(name, [*progress, total], url=url)


def _late(now: dt.datetime) -> BoardSection:
    """The organisations that must act, whose oldest date passed first."""
    found = (
        in_outlook(Deadline.objects.order_by(), Outlook.LATE, now=now)
        .values("organisation", "organisation__name")
        .annotate(count=Count("pk"), oldest=Min("due_at"))
        .order_by("-count", "oldest", "organisation__name")
    )
    rows = [_late_row(row, now) for row in found]
    late = sum(row.cells[0].count or 0 for row in rows)
    sentence = (
        f"{late} échéance{_s(late)} en retard, chez {len(rows)} organisation{_s(len(rows))}."
        if rows
        else "Aucune échéance n'est en retard."
    )
    table = BoardTable(
        code="retards",
        caption="Organisations qui ont des échéances en retard",
        head="Organisation",
        columns=["En retard", "La plus ancienne"],
        rows=rows,
        shown=LATE_SHOWN,
        empty="Aucune échéance n'est en retard.",
    )
    return BoardSection("retards", "Qui est en retard", sentence, tables=[table], is_first=True)


def _late_row(row: Mapping[str, object], now: dt.datetime) -> BoardRow:
    pk, oldest = row["organisation"], row["oldest"]
    assert isinstance(oldest, dt.datetime)  # noqa: S101  (late: it has a date)
    url = deadlines_url(organisation=pk, situation=Outlook.LATE.value)
    count = BoardCell(int(str(row["count"])), url, is_alarming=True)
    days = (paris.day(now) - paris.day(oldest)).days
    since = BoardCell(words=f"{paris.last_day(oldest):%d/%m/%Y}, {days} jour{_s(days)}")
    address = reverse("accounts:organisation_detail", args=[pk])
    return BoardRow(str(row["organisation__name"]), [count, since], url=address)


def _deposits(now: dt.datetime) -> BoardSection:
    """What waits for the ANS's confirmation, by its age in working days."""
    waiting = Filing.objects.filed().filter(deadline__state=State.FILED, decided_at=None)
    found = waiting.aggregate(oldest=Min("recorded_at"))
    count = Deadline.objects.filter(state=State.FILED).count()
    oldest: dt.datetime | None = found["oldest"]
    sentence = "Aucun dépôt n'attend de confirmation."
    if count:
        sentence = f"{count} dépôt{_s(count)} à confirmer"
        if oldest:
            age = working_days(paris.day(oldest), paris.day(max(oldest, now)))
            sentence += f", le plus ancien depuis {age} jour{_s(age)} ouvré{_s(age)}"
        sentence += "."
    table = BoardTable(
        code="depots",
        caption="Dépôts que l'ANS doit confirmer",
        head="Dépôts",
        columns=["Nombre"],
        rows=[
            BoardRow(
                "À confirmer",
                [BoardCell(count, f"{reverse('deadlines:index')}?vue=deposees#liste")],
            )
        ],
        is_public=True,
    )
    return BoardSection("depots", "Dépôts à confirmer", sentence, tables=[table], is_small=True)


def _pace(now: dt.datetime) -> BoardSection:
    return BoardSection("rythme", "Rythme des réalisations", pictures=list(burn_ups(now)))


def _s(count: int) -> str:
    return "s" if count > 1 else ""
