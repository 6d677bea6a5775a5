"""What a change of the parameters of the pilots changes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from calendar_app.models import Deadline
from parameters.rules.effects import Figures, Measure
from parameters.selectors import value
from pilots.enums import PVState
from pilots.pv.models import PilotPV
from pilots.pv.rules.parameters import (
    PILOT_CLIENTS,
    PILOT_REVIEW_DAYS,
    PILOT_SCOPE,
    PILOT_SECOND_AGENT,
)
from pilots.pv.selectors.gate import unmet_pilots
from pilots.pv.selectors.queue import usual_time


def solde_gates(at: dt.datetime) -> Figures:
    """The RIS solde deadlines to do: whether the pilots let them be filed."""
    deadlines = list(
        Deadline.objects.open()
        .filter(milestone__needs_pilots=True, prestation__isnull=False)
        .with_subject()
    )
    unmet = unmet_pilots(deadlines, at)
    return {
        row.pk: ("solde bloqué" if unmet[row.pk] else "solde ouvert", len(unmet[row.pk]))
        for row in deadlines
    }


def proposals(at: dt.datetime) -> Figures:
    words = "second agent attendu" if value(PILOT_SECOND_AGENT, at=at) else "décision de l'agent"
    pending = PilotPV.objects.filter(state=PVState.TO_CONFIRM)
    return dict.fromkeys(pending.values_list("pk", flat=True), (words, None))


def waiting(at: dt.datetime) -> Figures:
    days = usual_time(at).working_days
    pending = PilotPV.objects.waiting().values_list("pk", flat=True)
    return dict.fromkeys(pending, (f"{days} jours ouvrés", None))


def _of_deadlines(pks: Collection[int]) -> set[int]:
    rows = Deadline.objects.filter(pk__in=pks)
    editeur = "prestation__supplier__solution__organisation"
    return {pk for pair in rows.values_list("organisation", editeur) for pk in pair}


def _nobody(_pks: Collection[int]) -> set[int]:
    """Of a proposal and of the queue nobody but the ANS knows."""
    return set()


MEASURES = (
    Measure(
        frozenset({PILOT_CLIENTS, PILOT_SCOPE}),
        "demande de solde RIS dont les conditions changent",
        "demandes de solde RIS dont les conditions changent",
        solde_gates,
        _of_deadlines,
    ),
    Measure(
        frozenset({PILOT_SECOND_AGENT}),
        "PV proposé « non conforme » concerné",
        "PV proposés « non conformes » concernés",
        proposals,
        _nobody,
    ),
    Measure(
        frozenset({PILOT_REVIEW_DAYS}),
        "PV en attente dont la durée supposée change",
        "PV en attente dont la durée supposée change",
        waiting,
        _nobody,
    ),
)
