"""Corrections that lower D_f: those that wait for the ANS, and what was decided."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Q

from accounts.models import User
from perf.enums import CorrectionState
from perf.models import Correction, Outage, Service
from perf.querysets import CorrectionQuerySet
from segur.lib import paris

DECIDED = (CorrectionState.ACCEPTED, CorrectionState.REFUSED)


@dataclass(frozen=True)
class CorrectionLine:
    """`days`: for how many days it has been waiting."""

    correction: Correction
    days: int


def corrections_seen(user: User) -> CorrectionQuerySet:
    return Correction.objects.visible_to(user).select_related(
        "outage",
        "other",
        "service__prestation__client",
        "service__prestation__organisation",
        "service__prestation__supplier__solution__organisation",
    )


def pending_lines(corrections: CorrectionQuerySet, now: dt.datetime) -> list[CorrectionLine]:
    """The oldest first."""
    today = paris.day(now)
    return [
        CorrectionLine(row, (today - paris.day(row.proposed_at)).days)
        for row in corrections.pending()
    ]


def decided_rows(corrections: CorrectionQuerySet) -> CorrectionQuerySet:
    """The last decided first."""
    return corrections.filter(state__in=DECIDED).order_by("-decided_at", "-pk")


def pending_of_outage(outage: Outage) -> list[Correction]:
    found = Correction.objects.pending().filter(Q(outage=outage) | Q(other=outage))
    return list(found.distinct())


def pending_of_service(service: Service) -> list[Correction]:
    return list(service.corrections.pending())
