"""What a change of the parameters of PERF changes: prestations, statements, tickets and ratios."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable

from django.db.models import QuerySet

from calendar_app.models import Prestation
from parameters.rules.effects import Figures, Measure
from perf.display import words
from perf.enums import Period
from perf.models import Ratio, Statement, Ticket
from perf.rules.parameters import (
    ALSACE_MOSELLE,
    BASE,
    GTI,
    GTR,
    GUARANTEE_BASE,
    HOURS,
    LIMIT_HALF,
    LIMIT_ONE,
    MAINTENANCE,
    OVERSEAS,
    PERFE_THRESHOLD,
    PERFM_THRESHOLD,
    PERIOD,
)
from perf.rules.periods import ObservationPeriod, containing
from perf.selectors.overview import overview
from perf.selectors.ratios import Account, prestation_lines, year_of
from perf.selectors.rules import period_kind
from perf.selectors.tickets import ticket_rows, with_subject
from segur.lib import paris

OPENING = (*HOURS, ALSACE_MOSELLE, OVERSEAS)
REACHED = {None: "sans résultat", True: "atteint", False: "non atteint"}


def prestation_figures(at: dt.datetime) -> Figures:
    """D_f and PERF of every DRIMbox prestation in the period of the instant."""
    every = Prestation.objects.filter(dispositif__has_perf=True)
    return _figures(every, containing(at, period_kind(at)), at)


def statement_figures(at: dt.datetime) -> Figures:
    """What each statement that no other replaces would say if it were issued at the instant."""
    by_period: defaultdict[tuple[dt.datetime, dt.datetime], dict[int, int]] = defaultdict(dict)
    current = Statement.objects.filter(replaced_by=None)
    rows = current.values_list("pk", "prestation", "period_start", "period_end")
    for pk, prestation, start, end in rows:
        by_period[start, end][prestation] = pk
    found = {}
    for (start, end), statements in by_period.items():
        period = ObservationPeriod(start, end, label="", kind=Period.YEAR)
        prestations = Prestation.objects.filter(pk__in=statements)
        for prestation, figure in _figures(prestations, period, at).items():
            found[statements[prestation]] = figure
    return found


def _figures(
    prestations: QuerySet[Prestation], period: ObservationPeriod, at: dt.datetime
) -> Figures:
    return {
        row.pk: (f"PERF {words.perf(row.figure.perf)}", (row.base, row.figure.counted))
        for row in overview(prestations, period=period, now=at)
        if row.figure
    }


def ticket_figures(at: dt.datetime) -> Figures:
    found: dict[int, tuple[str, tuple[dt.datetime, ...]]] = {}
    for row in ticket_rows(with_subject(Ticket.objects.all()), now=at):
        states = (f"{clock.name} {clock.state.word.lower()}" for clock in row.clocks)
        found[row.ticket.pk] = (", ".join(states), tuple(clock.due_at for clock in row.clocks))
    return found


def ratio_figures(at: dt.datetime) -> Figures:
    """PERFm and PERFe of every RIS prestation with an entry, in the civil year of the instant."""
    entered = Ratio.objects.values("prestation")
    prestations = list(Prestation.objects.filter(pk__in=entered))
    lines = prestation_lines(prestations, months=year_of(paris.day(at).year), now=at)
    return {line.prestation.pk: (_results(line.accounts), None) for line in lines}


def _results(accounts: Iterable[Account]) -> str:
    return ", ".join(
        f"{account.indicator.label} {REACHED[account.reached]}" for account in accounts
    )


def _of_prestations(pks: Collection[int]) -> set[int]:
    rows = Prestation.objects.filter(pk__in=pks)
    editeur = "supplier__solution__organisation"
    return {pk for pair in rows.values_list("organisation", editeur) for pk in pair}


def _of_statements(pks: Collection[int]) -> set[int]:
    rows = Statement.objects.filter(pk__in=pks)
    return _of_prestations(set(rows.values_list("prestation", flat=True)))


def _of_tickets(pks: Collection[int]) -> set[int]:
    rows = Ticket.objects.filter(pk__in=pks)
    return _of_prestations(set(rows.values_list("service__prestation", flat=True)))


_DOWNTIME = frozenset({*OPENING, BASE, MAINTENANCE, LIMIT_ONE, LIMIT_HALF})
MEASURES = (
    Measure(
        _DOWNTIME | {PERIOD},
        "prestation dont D_f ou PERF change",
        "prestations dont D_f ou PERF change",
        prestation_figures,
        _of_prestations,
    ),
    Measure(
        _DOWNTIME,
        "relevé en vigueur dont les chiffres seraient différents",
        "relevés en vigueur dont les chiffres seraient différents",
        statement_figures,
        _of_statements,
    ),
    Measure(
        frozenset({*OPENING, GTI, GTR, GUARANTEE_BASE}),
        "ticket dont l'échéance GTI ou GTR change",
        "tickets dont l'échéance GTI ou GTR change",
        ticket_figures,
        _of_tickets,
    ),
    Measure(
        frozenset({PERFM_THRESHOLD, PERFE_THRESHOLD}),
        "prestation dont le résultat PERFm ou PERFe change",
        "prestations dont le résultat PERFm ou PERFe change",
        ratio_figures,
        _of_prestations,
    ),
)
