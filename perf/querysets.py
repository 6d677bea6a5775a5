"""Who sees what of PERF: whoever sees the prestation (DESIGN «Access»)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db.models import Q

from calendar_app.querysets import ScopedQuerySet
from perf.enums import CorrectionState, OutageNature, OutageStanding

if TYPE_CHECKING:
    from perf.models import (  # noqa: F401
        Correction,
        Outage,
        OutageProof,
        OutageVersion,
        Ratio,
        Service,
        Statement,
        Ticket,
    )


def _paths(prestation: str) -> tuple[str, str]:
    return f"{prestation}__organisation", f"{prestation}__supplier__solution__organisation"


class ServiceQuerySet(ScopedQuerySet["Service"]):
    seen_by = _paths("prestation")


class OutageQuerySet(ScopedQuerySet["Outage"]):
    seen_by = _paths("service__prestation")

    def counting(self, *, maintenance_counts: bool) -> Self:
        """Those that D_f counts: retained or not decided otherwise, contested ones included."""
        left_out = Q(standing=OutageStanding.NOT_RETAINED) | Q(nature=OutageNature.UNMEASURED)
        if not maintenance_counts:
            left_out |= Q(nature=OutageNature.MAINTENANCE)
        return self.exclude(left_out)


class OutageVersionQuerySet(ScopedQuerySet["OutageVersion"]):
    seen_by = _paths("service__prestation")


class OutageProofQuerySet(ScopedQuerySet["OutageProof"]):
    seen_by = _paths("outage__service__prestation")


class CorrectionQuerySet(ScopedQuerySet["Correction"]):
    seen_by = _paths("service__prestation")

    def pending(self) -> Self:
        return self.filter(state=CorrectionState.PENDING)


class TicketQuerySet(ScopedQuerySet["Ticket"]):
    seen_by = _paths("service__prestation")


class StatementQuerySet(ScopedQuerySet["Statement"]):
    seen_by = _paths("prestation")


class RatioQuerySet(ScopedQuerySet["Ratio"]):
    seen_by = _paths("prestation")
