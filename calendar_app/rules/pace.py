"""The pace of the realisations: how many a week, when it would end, and what is needed instead.

Days are Paris days. Counts are whole numbers; a rate is a Decimal of one digit, what is needed is
rounded up and what was done is not, so that «3,5 needed, 3,5 done» never hides a delay.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_FLOOR, ROUND_UP, Decimal

from segur.lib.charts import Marker, Series, Stroke

WINDOW = 56
"""Days over which today's pace is measured: eight weeks."""
WEEK = 7
BEYOND = 182
"""Days after the legal one beyond which the picture does not follow today's pace."""
TENTH = Decimal("0.1")


@dataclass(frozen=True)
class Pace:
    """`by_day` counts the prestations realised; `left` those to realise until `due_day`, the last
    legal day (None while the date is not fixed).
    """

    by_day: Mapping[dt.date, int]
    left: int
    today: dt.date
    due_day: dt.date | None

    @property
    def done(self) -> int:
        return sum(self.by_day.values())

    @property
    def window(self) -> int:
        """Days that today's pace is measured on: fewer than `WINDOW` when the first realisation is
        more recent, never fewer than a week."""
        if not self.by_day:
            return WINDOW
        first = min(self.by_day)
        return min(WINDOW, max(WEEK, (self.today - first).days + 1))

    @property
    def recent(self) -> int:
        since = self.today - dt.timedelta(days=self.window)
        return sum(count for day, count in self.by_day.items() if day > since)

    @property
    def per_week(self) -> Decimal:
        return (Decimal(self.recent * WEEK) / self.window).quantize(TENTH, ROUND_FLOOR)

    @property
    def ends_on(self) -> dt.date | None:
        """The day on which today's pace would realise the last one; None when nothing is left or
        nothing was realised lately."""
        if not self.left or not self.recent:
            return None
        days = -(-self.left * self.window // self.recent)
        return self.today + dt.timedelta(days=days)

    @property
    def days_left(self) -> int:
        """From today to the legal day, 0 when it is behind or not fixed."""
        return max(0, (self.due_day - self.today).days) if self.due_day else 0

    @property
    def needed(self) -> Decimal | None:
        """How many a week are needed; None where nothing is left, or no day to do it."""
        if not self.left or not self.days_left:
            return None
        return (Decimal(self.left * WEEK) / self.days_left).quantize(TENTH, ROUND_UP)

    @property
    def gap(self) -> int | None:
        """Days between the legal day and the end of today's pace: more than 0 is too late."""
        if self.ends_on is None or self.due_day is None:
            return None
        return (self.ends_on - self.due_day).days

    @property
    def early(self) -> int:
        """How many days before the legal day today's pace ends."""
        return max(0, -(self.gap or 0))

    def weeks(self) -> list[tuple[dt.date, int]]:
        """(Monday, realised that week), from the first realisation to today, without a hole."""
        if not self.by_day:
            return []
        counts: dict[dt.date, int] = {}
        day = monday(min(self.by_day))
        while day <= self.today:
            counts[day] = 0
            day += dt.timedelta(days=WEEK)
        for day, count in self.by_day.items():
            counts[monday(day)] = counts.get(monday(day), 0) + count
        return sorted(counts.items())

    def series(self) -> list[Series]:
        """Done, needed, and at this pace: the burn-up."""
        found = [Series("Fait", Stroke.SOLID, self._done_points())]
        here = (self.today, self.done)
        if self.needed is not None and self.due_day:
            whole = (self.due_day, self.done + self.left)
            found.append(Series("Nécessaire", Stroke.DASHED, [here, whole]))
        if end := self._pace_end():
            found.append(Series("À ce rythme", Stroke.DOTTED, [here, end]))
        return found

    def markers(self) -> list[Marker]:
        found = [Marker("aujourd'hui", self.today, is_legal=False)]
        if self.due_day:
            found.append(Marker(f"date limite {self.due_day:%d/%m/%Y}", self.due_day))
        return found

    def _done_points(self) -> list[tuple[dt.date, int]]:
        """The total at the end of each week, today for the last."""
        points: list[tuple[dt.date, int]] = []
        total = 0
        for day, count in self.weeks():
            if not points:
                points.append((day, 0))
            total += count
            points.append((min(day + dt.timedelta(days=WEEK - 1), self.today), total))
        return list(dict(points or [(self.today, 0)]).items())

    def _pace_end(self) -> tuple[dt.date, int] | None:
        """Where the line of today's pace ends: the last prestation, or the edge of the picture."""
        if self.ends_on is None:
            return None
        edge = (self.due_day or self.ends_on) + dt.timedelta(days=BEYOND)
        edge = max(edge, self.today + dt.timedelta(days=WEEK))
        if self.ends_on <= edge:
            return self.ends_on, self.done + self.left
        return edge, self.done + self.recent * (edge - self.today).days // self.window


def monday(day: dt.date) -> dt.date:
    return day - dt.timedelta(days=day.weekday())
