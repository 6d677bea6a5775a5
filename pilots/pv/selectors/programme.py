"""PV and publications, for the programme of the ANS."""

from __future__ import annotations

import datetime as dt
from collections import Counter

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.http import urlencode

from calendar_app.rules.board import BoardCell, BoardRow, BoardSection, BoardTable
from pilots.enums import WAITING_STATES, PublicationState, PVState
from pilots.pv.models import PilotPV, Publication
from pilots.pv.selectors.ages import AGES, aged
from pilots.pv.selectors.publications import to_withdraw
from pilots.pv.selectors.reviewers import agents
from segur.lib import paris

SHOWN = 10
"""Publications to withdraw, before the table is opened."""

QUEUE = {
    "": "En attente de l'ANS",
    "a-prendre": "dont à prendre",
}


def pvs(now: dt.datetime) -> BoardSection:
    """What waits, by age: one query."""
    states = {
        "": Q(state__in=WAITING_STATES),
        "a-prendre": Q(state__in=[PVState.SENT, PVState.IN_REVIEW]) & ~Q(assigned_to__in=agents()),
    }
    waiting = PilotPV.objects.filter(sent_at__isnull=False)
    counts = waiting.aggregate(
        **{
            _key(view, age): Count("pk", filter=condition & aged(age, now), distinct=True)
            for view, condition in states.items()
            for age in ("", *AGES)
        }
    )
    rows = [
        BoardRow(
            label,
            [BoardCell(counts[_key(view, age)], _queue_url(view, age)) for age in (*AGES, "")],
        )
        for view, label in QUEUE.items()
    ]
    table = BoardTable(
        code="pv",
        caption="PV d'installation pilote qui attendent l'ANS, depuis leur transmission",
        head="PV",
        columns=[*(label for label, _least, _below in AGES.values()), "Total"],
        rows=rows,
        is_public=True,
        has_total=True,
    )
    return BoardSection("pv", "PV à instruire", tables=[table], is_small=True)


def _key(view: str, age: str) -> str:
    return f"n_{view}_{age}".replace("-", "_")


def _queue_url(view: str, age: str) -> str:
    asked = {name: value for name, value in (("vue", view), ("attente", age)) if value}
    return f"{reverse('review:index')}?{urlencode(asked)}" if asked else reverse("review:index")


def publications(now: dt.datetime) -> BoardSection:
    """Five queries."""
    states = Counter(Publication.objects.order_by().values_list("state", flat=True))
    gone = to_withdraw(now=now)
    page = reverse("publications:index")
    rows = [
        BoardRow(
            "Publiées",
            [BoardCell(states[PublicationState.PUBLISHED], f"{page}?etat=publiees", is_known=True)],
        ),
        BoardRow("À publier", [BoardCell(states[PublicationState.PROPOSED], f"{page}#a-publier")]),
        BoardRow("À retirer", [BoardCell(len(gone), is_alarming=True)]),
    ]
    table = BoardTable(
        code="publications",
        caption="Premières installations réussies",
        head="Publications",
        columns=["Nombre"],
        rows=rows,
        is_public=True,
    )
    outlived = BoardTable(
        code="publications-a-retirer",
        caption="Publications dont le périmètre pilote n'est plus justifié",
        head="Solution",
        columns=["Publiée le"],
        shown=SHOWN,
        rows=[
            BoardRow(
                row.solution_name,
                [
                    BoardCell(
                        words=f"{paris.day(row.published_at):%d/%m/%Y}" if row.published_at else ""
                    )
                ],
                url=f"{page}#publication-{row.pk}",
                note=row.supplier_name,
            )
            for row in gone
        ],
    )
    tables = [table, outlived] if gone else [table]
    return BoardSection("publications", "Publications", tables=tables, is_small=True)
