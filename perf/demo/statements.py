"""Statements of the demonstration: one that was replaced, one that still holds."""

from __future__ import annotations

import datetime as dt

from journal.rules.by import By
from perf.models import Service
from perf.rules.periods import containing
from perf.selectors.rules import period_kind
from perf.services.statements import issue

EARLIER = dt.timedelta(hours=1)


def issue_twice(service: Service, *, by: By) -> None:
    """A statement of the period, and another in its place."""
    period = containing(by.at - EARLIER, period_kind(by.at))
    prestation = service.prestation
    issue(prestation=prestation, period=period, by=By.person(by.actor, by.at - EARLIER))
    issue(
        prestation=prestation,
        period=period,
        by=by,
        reason="La panne contestée a été jugée : elle n'est plus retenue.",
    )
