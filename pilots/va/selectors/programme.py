"""The two months of the VA, for the programme of the ANS."""

from __future__ import annotations

import datetime as dt

from django.db.models import Count

from calendar_app.models import Deadline
from calendar_app.rules.board import BoardCell, BoardRow, BoardSection, BoardTable
from calendar_app.rules.outlook import Outlook
from calendar_app.selectors.outlook import outlook_case
from calendar_app.selectors.programme import deadlines_url
from pilots.va.rules.two_months import CODE

SHOWN = (Outlook.KEPT, Outlook.LATE, Outlook.NEAR, Outlook.TO_COME, Outlook.SET_ASIDE)
WORDS = {
    Outlook.KEPT: "Réserves levées",
    Outlook.LATE: "En retard",
    Outlook.NEAR: "Sous 30 jours",
    Outlook.TO_COME: "Plus de 30 jours",
    Outlook.SET_ASIDE: "Sans objet",
}


def clocks(now: dt.datetime) -> BoardSection:
    """One query."""
    found = Deadline.objects.filter(milestone=None, code=CODE).order_by()
    counted = found.annotate(outlook=outlook_case(now)).values_list("outlook")
    counts: dict[str, int] = dict(counted.annotate(count=Count("pk")))
    cells = [
        BoardCell(
            counts.get(one.value, 0),
            deadlines_url(regle=CODE, situation=one.value),
            is_alarming=one.is_alarming,
        )
        for one in SHOWN
    ]
    total = BoardCell(sum(counts.values()), deadlines_url(regle=CODE))
    table = BoardTable(
        code="va",
        caption="Délais de deux mois des VA, selon le temps qu'il leur reste",
        head="Délais",
        columns=[*(WORDS[one] for one in SHOWN), "Total"],
        rows=[BoardRow("Deux mois de la VA", [*cells, total])],
        is_public=True,
        has_total=True,
    )
    return BoardSection("va", "Délais des VA", tables=[table], is_small=True)
