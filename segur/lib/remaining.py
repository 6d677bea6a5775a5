"""How long is left before an instant, as people count it: Paris days and working days."""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from typing import Self

from segur.lib import paris
from segur.lib.due import UNDATED
from segur.lib.numbers import counted
from segur.lib.workdays import ONE_DAY, working_days

SOON_DAYS = 7


class Meaning(StrEnum):
    """The four meanings of LOOK.md, and none."""

    DONE = "done"
    TO_COME = "to-come"
    SOON = "soon"
    LATE = "late"
    NEUTRAL = "neutral"


class Worded(StrEnum):
    """Members with their word and meaning: `LATE = "en-retard", "en retard", Meaning.LATE`."""

    word: str
    meaning: Meaning

    def __new__(cls, value: str, word: str = "", meaning: Meaning = Meaning.NEUTRAL) -> Self:
        member = str.__new__(cls, value)
        member._value_ = value
        member.word, member.meaning = word, meaning
        return member


@dataclass(frozen=True)
class TimeLeft:
    """`days` and `working_days` from today (counted) to the day of the deadline (not counted).

    When `overdue`, they count the days gone by since, the day of the deadline not counted. Without
    `due_at` the date is not fixed: nothing is left and nothing is late.
    """

    due_at: dt.datetime | None
    overdue: bool
    days: int
    working_days: int
    left: dt.timedelta
    estimated_at: dt.datetime | None = None

    @property
    def meaning(self) -> Meaning:
        if self.overdue:
            return Meaning.LATE
        if self.due_at is None:
            return Meaning.NEUTRAL
        return Meaning.SOON if self.days <= SOON_DAYS else Meaning.TO_COME

    @property
    def phrase(self) -> str:
        """«199 jours, dont 137 ouvrés» · «2 h 15 min» on the last day · «en retard de 3 jours»."""
        if self.due_at is None:
            return UNDATED
        if self.overdue:
            late = f"en retard de {counted(self.days, 'jour')}"
            return late if self.days else "échéance passée aujourd'hui"
        if self.days:
            return _counted_days(self)
        hours, minutes = divmod(int(self.left.total_seconds()) // 60, 60)
        if hours:
            return f"{hours} h {minutes:02} min"
        return f"{minutes} min" if minutes else "moins d'une minute"


def time_left(
    due_at: dt.datetime | None, now: dt.datetime, *, estimated_at: dt.datetime | None = None
) -> TimeLeft:
    """Raises ValueError for naive instants. At the very instant of the deadline it is overdue:
    «avant» is strict (DOMAIN §2). `estimated_at` is only carried along."""
    if due_at is None:
        return TimeLeft(
            due_at=None,
            overdue=False,
            days=0,
            working_days=0,
            left=dt.timedelta(),
            estimated_at=estimated_at,
        )
    today, due_day = paris.day(now), paris.last_day(due_at)
    overdue = now >= due_at
    first, after = (due_day + ONE_DAY, today + ONE_DAY) if overdue else (today, due_day)
    return TimeLeft(
        due_at=due_at,
        overdue=overdue,
        days=(after - first).days,
        working_days=working_days(first, after),
        left=due_at - now,
        estimated_at=estimated_at,
    )


def time_since(begun_at: dt.datetime, now: dt.datetime) -> str:
    """«depuis 12 jours, dont 8 ouvrés» · «depuis aujourd'hui». The day it began is not counted."""
    gone = time_left(begun_at, now)
    if not gone.overdue or not gone.days:
        return "depuis aujourd'hui"
    return f"depuis {_counted_days(gone)}"


def _counted_days(time: TimeLeft) -> str:
    """«12 jours, dont 8 ouvrés»."""
    working = counted(time.working_days, "ouvré") if time.working_days else "aucun ouvré"
    return f"{counted(time.days, 'jour')}, dont {working}"
