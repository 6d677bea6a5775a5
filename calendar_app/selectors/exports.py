"""The lists of deadlines and prestations as rows of a file: what their pages show, all pages."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import TYPE_CHECKING

from django.db.models import QuerySet

from calendar_app.models import Prestation
from calendar_app.querysets import DeadlineQuerySet
from calendar_app.selectors.deadlines import Line, lines
from calendar_app.selectors.prestations import PrestationRow, prestation_rows
from segur.lib.due import UNDATED, estimate_words
from segur.lib.remaining import TimeLeft
from segur.lib.tables import Cell, due_cells

if TYPE_CHECKING:
    from accounts.models import User

DEADLINES = (
    "Dispositif",
    "Jalon",
    "Échéance",
    "Organisation",
    "Client",
    "FINESS",
    "Solution",
    "Avant le",
    "Heure (heure de Paris)",
    "Date estimée",
    "État",
    "Ce qui manque",
    "Qui doit agir",
    "En charge",
)
PRESTATIONS = (
    "Client",
    "FINESS",
    "Commune",
    "Dispositif",
    "Solution",
    "Fournisseur",
    "Bon de commande",
    "Commandé le",
    "À faire d'abord",
    "Avant le",
    "Heure (heure de Paris)",
    "Date estimée",
    "Droits du Fournisseur",
)


def deadline_cells(
    deadlines: DeadlineQuerySet, *, now: dt.datetime, reader: User
) -> Iterator[list[Cell]]:
    return (_deadline(line) for line in lines(deadlines, now=now, reader=reader))


def _date(left: TimeLeft | None) -> tuple[Cell, Cell, Cell]:
    """The regulatory day and hour, or «date non fixée», and the estimate, always with «≈»."""
    if left is None:
        return None, None, None
    day, hour = due_cells(left.due_at)
    return day or UNDATED, hour, estimate_words(left)


def _deadline(line: Line) -> list[Cell]:
    deadline = line.deadline
    client = deadline.prestation.client if deadline.prestation else None
    supplier = deadline.prestation.supplier if deadline.prestation else None
    return [
        deadline.dispositif.short_name,
        deadline.milestone.number if deadline.milestone else None,
        deadline.title,
        deadline.organisation.name,
        client.name if client else None,
        client.finess if client else None,
        str(supplier.solution if supplier else deadline.solution),
        *_date(line.left),
        line.state,
        ", ".join(line.missing),
        line.who,
        str(line.person) if line.person else None,
    ]


def prestation_cells(
    prestations: QuerySet[Prestation], *, now: dt.datetime
) -> Iterator[list[Cell]]:
    """`prestations` as `with_next` loads them."""
    return (_prestation(row) for row in prestation_rows(list(prestations), now=now))


def _prestation(row: PrestationRow) -> list[Cell]:
    prestation = row.prestation
    return [
        prestation.client.name,
        prestation.client.finess,
        prestation.client.city,
        prestation.dispositif.short_name,
        str(prestation.supplier.solution),
        prestation.organisation.name,
        prestation.order_reference,
        prestation.ordered_on,
        row.next_title,
        *_date(row.left),
        row.rights.label,
    ]
