"""The one task that forgets personal data when their time is over, by the lines of the register."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from journal.enums import Readers
from journal.rules.by import By
from journal.services.entries import write
from parameters.selectors import values
from privacy.models import RetentionRun
from privacy.rules.register import REGISTER, Kept
from segur.lib import paris
from segur.lib.months import months_later

LONGEST = 1_200
"""Months: a century, whatever a parameter says; dates do not go back for ever."""


def run(*, now: dt.datetime) -> dict[str, int]:
    """What each line forgot, by key. Asked of the tables: the next run catches up a missed one.

    Each line is a transaction. One that fails does not keep the others from running: all failures
    are raised together at the end.
    """
    periods, counts, failures = values(at=now), {}, []
    for key, line in REGISTER.items():
        if line.forget is None:
            continue
        try:
            with transaction.atomic():
                counts[key] = line.forget(now, _before(line, periods, now))
        except Exception as failure:  # noqa: BLE001  (raised again below, with those of the others)
            failures.append(failure)
    _leave_a_trace({key: count for key, count in counts.items() if count}, now)
    if failures:
        raise ExceptionGroup("retention", failures)
    return counts


def _before(line: Kept, periods: dict[str, bool | int | str], now: dt.datetime) -> dt.datetime:
    if not line.months:
        return now
    months = min(int(periods[line.months]), LONGEST)
    return paris.at(months_later(paris.day(now), -months), dt.time(0))


@transaction.atomic
def _leave_a_trace(counts: dict[str, int], now: dt.datetime) -> None:
    start_of_day = paris.at(paris.day(now), dt.time(0))
    if not counts and RetentionRun.objects.filter(at__gte=start_of_day).exists():
        return
    done = [f"{REGISTER[key].what.lower()} : {count}" for key, count in counts.items()]
    trace = RetentionRun.objects.create(at=now, counts=counts)
    write(
        trace,
        "retention.run",
        by=By.clock(now),
        what="Effacement des données arrivées à leur terme",
        note=f"{' ; '.join(done) or 'rien à effacer'}.",
        label=f"Passage du {paris.short(now)}",
        after=counts,
        readers=Readers.ANS,
    )
