"""GTI and GTR of a ticket: due instants by the rules of the day of its declaration. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from perf.engine.instants import HOUR, MINUTE, from_us, to_us
from perf.engine.rules import Rules


@dataclass(frozen=True)
class Due:
    """`until`: the last instant in time; due at a closing, the next opening, since nothing runs in
    between. `warn_at` is never before the declaration.
    """

    due_at: dt.datetime
    until: dt.datetime
    warn_at: dt.datetime


@dataclass(frozen=True)
class TicketGuarantee:
    """`done` is the instant of a ticket that stops it; the warning comes `warn_before` of open time
    before the due.
    """

    code: str
    done: str
    warn_before: int
    budget: Callable[[Rules], int]

    def due(self, opened_at: dt.datetime, rules: Rules) -> Due:
        start, budget, clock = to_us(opened_at), self.budget(rules), rules.guarantee_clock
        return Due(
            due_at=from_us(clock.after(start, budget)),
            until=from_us(clock.after(start, budget + 1) - 1),
            warn_at=from_us(clock.after(start, budget - self.warn_before)),
        )


TAKEN_IN_CHARGE = TicketGuarantee("gti", "responded_at", 10 * MINUTE, lambda rules: rules.gti)
RESTORED = TicketGuarantee("gtr", "restored_at", HOUR, lambda rules: rules.gtr)
GUARANTEES = (TAKEN_IN_CHARGE, RESTORED)
