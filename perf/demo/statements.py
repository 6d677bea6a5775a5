"""Statements of the demonstration: one that was replaced, one that still holds."""

from __future__ import annotations

import datetime as dt

from accounts.models import User
from perf.models import Service
from perf.rules.periods import containing
from perf.selectors.rules import period_kind
from perf.services.statements import issue

EARLIER = dt.timedelta(hours=1)


def issue_twice(service: Service, *, actor: User, now: dt.datetime) -> None:
    """A statement of the period, and another in its place."""
    period = containing(now - EARLIER, period_kind(now))
    prestation = service.prestation
    issue(prestation=prestation, period=period, actor=actor, now=now - EARLIER)
    issue(
        prestation=prestation,
        period=period,
        actor=actor,
        now=now,
        reason="La panne contestée a été jugée : elle n'est plus retenue.",
    )
