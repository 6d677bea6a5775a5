"""Observation periods of D_f: civil months, quarters, half-years and years, of Paris (DOMAIN §4).

Half-open: a period ends at the midnight at which the next one starts.
"""

import datetime as dt
from dataclasses import dataclass

from perf.engine.hours import FIRST_YEAR, LAST_YEAR
from perf.enums import Period
from segur.lib import paris
from segur.lib.months import months_later
from segur.lib.opening_hours import MIDNIGHT

MONTHS = {Period.MONTH: 1, Period.QUARTER: 3, Period.HALF: 6, Period.YEAR: 12}
MOMENT = dt.timedelta(microseconds=1)
NO_YEAR = f"Le calcul va de {FIRST_YEAR} à {LAST_YEAR} : relisez l'année."


def is_computed(day: dt.date) -> bool:
    """Whether the opening hours of this year are known."""
    return FIRST_YEAR <= day.year <= LAST_YEAR


@dataclass(frozen=True)
class ObservationPeriod:
    """[start, end) in UTC; `label` is «mars 2027», «2e trimestre 2027», «année 2027»."""

    start: dt.datetime
    end: dt.datetime
    label: str
    kind: Period

    @property
    def days(self) -> tuple[dt.date, dt.date]:
        """The first Paris day and the last."""
        return paris.day(self.start), paris.last_day(self.end)

    @property
    def of(self) -> str:
        """«de l'année 2026», «du 1er trimestre 2026», «d'avril 2026»."""
        if self.kind == Period.YEAR:
            return f"de l'{self.label}"
        if self.kind == Period.MONTH:
            return f"d'{self.label}" if self.label[0] in "ao" else f"de {self.label}"
        return f"du {self.label}"

    @property
    def previous(self) -> "ObservationPeriod":
        return containing(self.start - MOMENT, self.kind)

    @property
    def next(self) -> "ObservationPeriod":
        return containing(self.end, self.kind)


def containing(instant: dt.datetime, kind: Period) -> ObservationPeriod:
    """The period of that kind in which the instant lies, by the Paris clock."""
    day = paris.day(instant)
    length = MONTHS[kind]
    rank = (day.month - 1) // length
    first = dt.date(day.year, rank * length + 1, 1)
    after = months_later(first, length)
    return ObservationPeriod(
        start=paris.at(first, MIDNIGHT),
        end=paris.at(after, MIDNIGHT),
        label=_label(first, kind, rank + 1),
        kind=kind,
    )


def _label(first: dt.date, kind: Period, rank: int) -> str:
    if kind == Period.MONTH:
        return paris.long_day(first).split(maxsplit=2)[2]
    if kind == Period.YEAR:
        return f"année {first.year}"
    ordinal = "1er" if rank == 1 else f"{rank}e"
    name = "trimestre" if kind == Period.QUARTER else "semestre"
    return f"{ordinal} {name} {first.year}"
