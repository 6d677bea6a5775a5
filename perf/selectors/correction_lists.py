"""Corrections that lower D_f: those that wait for the ANS, and what was decided."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Q

from accounts.models import User
from perf.enums import CorrectionState
from perf.models import Correction, Outage, Service
from perf.querysets import CorrectionQuerySet
from perf.selectors.correction_effects import CorrectionEffect, correction_effects
from segur.lib import paris

CLOSED = (CorrectionState.ACCEPTED, CorrectionState.REFUSED, CorrectionState.WITHDRAWN)


RELATED = (
    "outage",
    "other",
    "service__prestation__client",
    "service__prestation__organisation",
    "service__prestation__supplier__solution__organisation",
)


@dataclass(frozen=True)
class CorrectionLine:
    """`days`: for how many days it has been waiting; `effect`: what it would change today."""

    correction: Correction
    days: int
    effect: CorrectionEffect


def corrections_seen(user: User) -> CorrectionQuerySet:
    return Correction.objects.visible_to(user).select_related(*RELATED)


def pending_lines(corrections: CorrectionQuerySet, now: dt.datetime) -> list[CorrectionLine]:
    """The oldest first."""
    today, rows = paris.day(now), list(corrections.pending())
    effects = correction_effects(rows, now)
    return [
        CorrectionLine(row, (today - paris.day(row.proposed_at)).days, effects[row.pk])
        for row in rows
    ]


def closed_rows(corrections: CorrectionQuerySet) -> CorrectionQuerySet:
    """Decided or withdrawn, the last first."""
    return corrections.filter(state__in=CLOSED).order_by("-decided_at", "-pk")


def pending_of_outage(outage: Outage, now: dt.datetime) -> list[CorrectionLine]:
    found = Correction.objects.filter(Q(outage=outage) | Q(other=outage))
    return pending_lines(found.select_related(*RELATED).distinct(), now)


def pending_of_service(service: Service, now: dt.datetime) -> list[CorrectionLine]:
    return pending_lines(service.corrections.select_related(*RELATED), now)
