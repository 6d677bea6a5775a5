"""The delay that a DRIMbox Fournisseur has from the Client's notification (DOMAIN §6, ADR 0009).

«Le Fournisseur dispose alors de deux mois pour finaliser la mise en place des flux […] jusqu'à
validation par le Client des conditions qui n'avaient pu être vérifiées.»
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from segur.lib.months import end_of, months_later
from segur.lib.workdays import this_or_next_working_day

CODE = "va-reserves"
"""Of these delays, among those of a prestation."""

STEPS = (30, 14, 7, 2)
"""Days before the end at which the Fournisseur is reminded."""

RULE = (
    "{months} mois à compter de la notification du {day} : même quantième, sinon dernier jour du "
    "mois (art. 641 du Code de procédure civile, par analogie), jusqu'à la fin de ce jour à Paris"
)


@dataclass(frozen=True)
class TwoMonths:
    """`last_day` is a Paris day, kept to its end; `next_working_day` (art. 642) is information,
    never the deadline, and equals `last_day` when that is one.
    """

    notified_on: dt.date
    months: int
    last_day: dt.date
    due_at: dt.datetime
    next_working_day: dt.date

    @property
    def rule(self) -> str:
        return RULE.format(months=self.months, day=f"{self.notified_on:%d/%m/%Y}")

    def late_days(self, validated_on: dt.date) -> int:
        """Days after the last one on which the last condition was validated; 0 when in time."""
        return max(0, (validated_on - self.last_day).days)


def clock(notified_on: dt.date, *, months: int = 2) -> TwoMonths:
    """The delay from the Paris day of the notification."""
    last_day = months_later(notified_on, months)
    return TwoMonths(
        notified_on=notified_on,
        months=months,
        last_day=last_day,
        due_at=end_of(last_day),
        next_working_day=this_or_next_working_day(last_day),
    )
