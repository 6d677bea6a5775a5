"""The order of the first screen: one list by real urgency, whatever the kind (DESIGN «Screens»)."""

import datetime as dt
import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace

from segur.lib.remaining import Meaning

TODAY = dt.timedelta(hours=24)
ALONE = 3
"""How many lines of one kind stand each for itself; the others fold into one."""


@dataclass(frozen=True, slots=True)
class Alike:
    """A kind of which there may be forty: `words` follows a number («PV à corriger»), `url` lists
    them.
    """

    words: str
    url: str
    act: str = "Voir la liste"


@dataclass(frozen=True, slots=True)
class Urgent:
    """Something that needs somebody. `due_at`: the last instant for it, None where only its age
    counts; `estimated_at`: an estimate beside it, for information; `since`: when it began to wait
    or was missed. `why` says what is at stake, `who` must act, `act` names the link to `url`.
    """

    what: str
    url: str
    act: str
    why: str = ""
    who: str = ""
    due_at: dt.datetime | None = None
    estimated_at: dt.datetime | None = None
    since: dt.datetime | None = None
    is_blocking: bool = False
    alike: Alike | None = None

    def is_late(self, now: dt.datetime) -> bool:
        return self.is_blocking or (self.due_at is not None and self.due_at <= now)

    def is_today(self, now: dt.datetime) -> bool:
        """Can still be kept, and will not be tomorrow."""
        return self.due_at is not None and now < self.due_at <= now + TODAY

    def meaning(self, now: dt.datetime) -> Meaning:
        if self.is_late(now):
            return Meaning.LATE
        return Meaning.SOON if self.is_today(now) or self.due_at is None else Meaning.TO_COME


def by_urgency(lines: Iterable[Urgent], now: dt.datetime) -> list[Urgent]:
    """First what can still be kept today, by its instant; then what is late or blocks, the most
    recent first, since it costs least to repair; then what waits for somebody, the oldest first and
    last what waits since nobody knows when;
    then what comes, the soonest first.
    """
    return sorted(lines, key=lambda line: _key(line, now))


def folded(lines: Iterable[Urgent]) -> list[Urgent]:
    """Of each kind, in the order given, the first `ALONE` lines, then one line for all the others,
    where the first of these stood.
    """
    lines = list(lines)
    counts = Counter(line.alike for line in lines)
    seen: Counter[Alike | None] = Counter()
    kept = []
    for line in lines:
        seen[line.alike] += 1
        rest = counts[line.alike] - ALONE
        if line.alike is None or rest <= 1 or seen[line.alike] <= ALONE:
            kept.append(line)
        elif seen[line.alike] == ALONE + 1:
            kept.append(_rest(line, line.alike, rest))
    return kept


def _rest(first: Urgent, alike: Alike, count: int) -> Urgent:
    what = f"{count} autres {alike.words}"
    return replace(first, what=what, url=alike.url, act=alike.act, why="", who="")


def _key(line: Urgent, now: dt.datetime) -> tuple[int, float, str, str]:
    if line.is_today(now) and line.due_at:
        return 0, line.due_at.timestamp(), line.what, line.url
    if line.is_late(now):
        missed = line.due_at or line.since
        return 1, -missed.timestamp() if missed else 0.0, line.what, line.url
    if line.due_at is None:
        return 2, line.since.timestamp() if line.since else math.inf, line.what, line.url
    return 3, line.due_at.timestamp(), line.what, line.url
