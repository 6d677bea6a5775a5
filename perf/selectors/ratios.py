"""Reads of PERFm and PERFe: the months of a prestation, their total, what is missing."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from calendar_app.models import Prestation
from calendar_app.selectors.prestations import prestations_seen
from parameters.selectors import value
from perf.enums import Indicator
from perf.models import Ratio
from perf.rules.parameters import PERFE_THRESHOLD, PERFM_THRESHOLD
from segur.lib import paris
from segur.lib.months import months_later

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from accounts.models import User

THRESHOLDS = {Indicator.PERFM: PERFM_THRESHOLD, Indicator.PERFE: PERFE_THRESHOLD}


@dataclass(frozen=True)
class Months:
    """From the first day of a month to the first day of another, both months included."""

    first: dt.date
    last: dt.date

    def __iter__(self) -> Any:
        month = self.first
        while month <= self.last:
            yield month
            month = months_later(month, 1)

    def until(self, today: dt.date) -> list[dt.date]:
        """The months of these that have begun."""
        return [month for month in self if month <= today]


@dataclass(frozen=True)
class Count:
    """`ratio` is exact; None without any CR: 0/0 is no ratio."""

    numerator: int
    denominator: int

    @property
    def ratio(self) -> Fraction | None:
        return Fraction(self.numerator, self.denominator) if self.denominator else None

    def __add__(self, other: Count) -> Count:
        return Count(self.numerator + other.numerator, self.denominator + other.denominator)


NOTHING = Count(0, 0)


@dataclass(frozen=True)
class Counts:
    """CR made on site, those of téléradiologie (and télémédecine nucléaire), and both."""

    local: Count
    remote: Count

    @property
    def both(self) -> Count:
        return self.local + self.remote


@dataclass(frozen=True)
class MonthLine:
    ratio: Ratio
    counts: Counts


@dataclass(frozen=True)
class Account:
    """One indicator over some months. `threshold` is None until the parameter is given: then no
    result is shown. `missing`: months begun and not entered; `coming`: how many have not begun.
    """

    indicator: Indicator
    lines: list[MonthLine]
    total: Counts
    missing: list[dt.date]
    coming: int
    threshold: Fraction | None

    @property
    def reached(self) -> bool | None:
        """Compared on the exact ratio; None without a threshold, or without any CR."""
        ratio = self.total.both.ratio
        if self.threshold is None or ratio is None:
            return None
        return ratio >= self.threshold

    @property
    def is_provisional(self) -> bool:
        """Months are still to be entered: the result may change."""
        return bool(self.missing or self.coming)


@dataclass(frozen=True)
class PrestationLine:
    prestation: Prestation
    accounts: list[Account]


def year_of(year: int) -> Months:
    return Months(dt.date(year, 1, 1), dt.date(year, 12, 1))


def ris_prestations(user: User, *, q: str = "") -> QuerySet[Prestation]:
    found = prestations_seen(user, q=q).filter(dispositif__has_ratios=True)
    return found.order_by("client__name", "pk")


def prestation_lines(
    prestations: Sequence[Prestation], *, months: Months, now: dt.datetime
) -> list[PrestationLine]:
    """A line per prestation, in a number of queries that does not depend on how many."""
    rows: defaultdict[int, list[Ratio]] = defaultdict(list)
    for ratio in _in(months).filter(prestation__in=list(prestations)):
        rows[ratio.prestation_id].append(ratio)
    thresholds = _thresholds(months, now)
    return [
        PrestationLine(prestation, _accounts(rows[prestation.pk], thresholds, months, now))
        for prestation in prestations
    ]


def accounts_of(prestation: Prestation, *, months: Months, now: dt.datetime) -> list[Account]:
    return prestation_lines([prestation], months=months, now=now)[0].accounts


def counts_of(ratio: Ratio) -> Counts:
    return Counts(
        Count(ratio.local_numerator, ratio.local_denominator),
        Count(ratio.remote_numerator, ratio.remote_denominator),
    )


def _in(months: Months) -> QuerySet[Ratio]:
    return Ratio.objects.filter(month__gte=months.first, month__lte=months.last).order_by("month")


def _thresholds(months: Months, now: dt.datetime) -> dict[Indicator, Fraction | None]:
    """Those in effect at the end of the months, or today when they are not over."""
    end = paris.at(months_later(months.last, 1), dt.time(0)) - dt.timedelta(microseconds=1)
    found = {}
    for indicator, key in THRESHOLDS.items():
        given = str(value(key, at=min(now, end)))
        found[indicator] = Fraction(given) / 100 if given else None
    return found


def _accounts(
    rows: Iterable[Ratio],
    thresholds: dict[Indicator, Fraction | None],
    months: Months,
    now: dt.datetime,
) -> list[Account]:
    lines = [MonthLine(ratio, counts_of(ratio)) for ratio in rows]
    return [
        _account(
            indicator,
            [line for line in lines if line.ratio.indicator == indicator],
            threshold,
            months,
            paris.day(now),
        )
        for indicator, threshold in thresholds.items()
    ]


def _account(
    indicator: Indicator,
    lines: list[MonthLine],
    threshold: Fraction | None,
    months: Months,
    today: dt.date,
) -> Account:
    entered = {line.ratio.month for line in lines}
    total = Counts(
        sum((line.counts.local for line in lines), NOTHING),
        sum((line.counts.remote for line in lines), NOTHING),
    )
    begun = months.until(today)
    missing = [month for month in begun if month not in entered]
    coming = len(list(months)) - len(begun)
    return Account(indicator, lines, total, missing, coming, threshold)
