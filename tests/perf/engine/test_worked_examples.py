"""The tables of DOMAIN §4, written out."""

import datetime as dt
from fractions import Fraction

import pytest

from perf.engine import downtime, guarantees, hours, score
from perf.engine.instants import HOUR, SECOND, Interval, to_us
from perf.engine.rules import SLIDES
from segur.lib import paris


def at(text):
    day, clock = text.split(" ")
    number, month, year = map(int, day.split("/"))
    return paris.at(dt.date(year, month, number), dt.time.fromisoformat(clock))


PERIOD = Interval(to_us(at("01/01/2026 00:00")), to_us(at("01/01/2028 00:00")))


def counted(outages, clock):
    closed = downtime.closed([(at(a), at(b)) for a, b in outages], period=PERIOD, now=None)
    return downtime.counted(closed, period=PERIOD, clock=clock)


@pytest.mark.parametrize(
    ("outages", "open_time", "perf", "all_time"),
    [
        ([("15/01/2027 18:00", "18/01/2027 10:00")], 6 * HOUR, 1, 64 * HOUR),
        ([("16/01/2027 12:00", "16/01/2027 15:00")], 1 * HOUR, 1, 3 * HOUR),
        ([("17/05/2027 09:00", "17/05/2027 19:00")], 0, 1, 10 * HOUR),
        ([("27/03/2027 12:00", "30/03/2027 10:00")], 2 * HOUR, 1, 69 * HOUR),
        ([("24/10/2026 12:30", "26/10/2026 09:30")], 1 * HOUR, 1, 46 * HOUR),
        ([("01/02/2027 09:00", "02/02/2027 09:00")], 10 * HOUR, 1, 24 * HOUR),
        (
            [("01/02/2027 09:00", "02/02/2027 09:00"), ("04/02/2027 10:00", "04/02/2027 10:00:01")],
            10 * HOUR + SECOND,
            Fraction(1, 2),
            24 * HOUR + SECOND,
        ),
        ([("01/02/2027 09:00", "03/02/2027 09:00")], 20 * HOUR, Fraction(1, 2), 48 * HOUR),
        ([("01/02/2027 09:00", "03/02/2027 09:00:01")], 20 * HOUR + SECOND, 0, 48 * HOUR + SECOND),
        (
            [("02/02/2027 10:00", "02/02/2027 12:00"), ("02/02/2027 11:00", "02/02/2027 13:00")],
            3 * HOUR,
            1,
            3 * HOUR,
        ),
    ],
)
def test_downtime_and_score(outages, open_time, perf, all_time):
    assert counted(outages, SLIDES.open_time) == open_time
    assert score.OFFICIAL.perf(open_time) == perf
    assert counted(outages, hours.AllTime()) == all_time


@pytest.mark.parametrize(
    ("declared", "gti", "gtr"),
    [
        ("12/01/2027 18:30", "12/01/2027 19:00", "13/01/2027 12:30"),
        ("15/01/2027 18:45", "16/01/2027 09:15", "16/01/2027 12:45"),
        ("17/01/2027 15:00", "18/01/2027 09:30", "18/01/2027 13:00"),
        ("15/05/2027 12:00", "15/05/2027 12:30", "18/05/2027 12:00"),
    ],
)
def test_due_instants(declared, gti, gtr):
    clock = SLIDES.open_time
    for budget, due in ((guarantees.GTI, gti), (guarantees.GTR, gtr)):
        found = guarantees.guarantee(at(declared), None, budget=budget, clock=clock)
        assert found.due == at(due)
