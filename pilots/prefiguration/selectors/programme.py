"""Préfigurateurs by stage, for the programme of the ANS."""

from __future__ import annotations

import datetime as dt

from django.db.models import Count
from django.urls import reverse

from calendar_app.rules.board import BoardCell, BoardRow, BoardSection, BoardTable
from pilots.prefiguration.models import Prefigurateur
from pilots.prefiguration.selectors.working_list import ALL, PUBLIC, SITUATIONS


def stages(_now: dt.datetime) -> BoardSection:
    """Where the préfigurateurs are, for the programme of the ANS: one query."""
    shown = {name: view for name, view in SITUATIONS.items() if name != ALL}
    counts = Prefigurateur.objects.aggregate(
        **{f"n{n}": Count("pk", filter=asked) for n, (_, asked) in enumerate(shown.values())},
        total=Count("pk"),
    )
    page = reverse("prefigurateurs:index")
    cells = [
        BoardCell(counts[f"n{n}"], f"{page}?situation={name}", is_known=name == PUBLIC)
        for n, name in enumerate(shown)
    ]
    table = BoardTable(
        code="prefigurateurs",
        caption="Préfigurateurs selon leur étape",
        head="Préfigurateurs",
        columns=[*(label for label, _asked in shown.values()), "Total"],
        rows=[BoardRow("Préfigurateurs", [*cells, BoardCell(counts["total"])])],
        is_public=True,
        has_total=True,
    )
    return BoardSection("prefigurateurs", "Préfigurateurs", tables=[table], is_small=True)
