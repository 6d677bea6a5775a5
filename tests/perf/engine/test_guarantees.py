"""GTI and GTR: due at the earliest instant that uses up the budget, met up to it (DOMAIN §4)."""

import datetime as dt

import pytest

from perf.engine.errors import EndBeforeStart
from perf.engine.guarantees import GTI, GTR, guarantee
from perf.engine.instants import MINUTE
from perf.engine.rules import SLIDES
from tests.perf.engine.january import US, moment

OPENED = moment(15, "18:45")
DUE = moment(16, "09:15")
MICROSECOND = dt.timedelta(microseconds=1)


def judged(done_at=None, as_of=None, budget=GTI):
    return guarantee(OPENED, done_at, budget=budget, clock=SLIDES.open_time, as_of=as_of)


def test_gti_is_thirty_minutes_and_gtr_four_hours_of_open_time():
    assert judged(budget=GTI).due == DUE
    assert judged(budget=GTR).due == moment(16, "12:45")


@pytest.mark.parametrize(
    ("done_at", "met", "elapsed"),
    [
        (OPENED, True, 0),
        (moment(15, "22:00"), True, 15 * MINUTE),
        (DUE - MICROSECOND, True, GTI - US),
        (DUE, True, GTI),
        (DUE + MICROSECOND, False, GTI + US),
    ],
)
def test_what_is_done_at_the_due_instant_is_in_time(done_at, met, elapsed):
    found = judged(done_at)
    assert (found.due, found.met, found.elapsed) == (DUE, met, elapsed)


@pytest.mark.parametrize(
    ("as_of", "met"),
    [(OPENED, None), (DUE - MICROSECOND, None), (DUE, None), (DUE + MICROSECOND, False)],
)
def test_what_is_not_done_is_missed_only_beyond_the_due_instant(as_of, met):
    assert judged(as_of=as_of).met is met


def test_what_is_done_is_judged_by_its_own_instant():
    assert judged(DUE, as_of=moment(20)).met is True
    assert judged(DUE + MICROSECOND, as_of=OPENED).met is False


def test_without_an_end_nothing_is_decided():
    found = judged()
    assert (found.met, found.elapsed) == (None, None)


@pytest.mark.parametrize("name", ["done_at", "as_of"])
def test_nothing_is_done_before_the_declaration(name):
    with pytest.raises(EndBeforeStart):
        judged(**{name: OPENED - MICROSECOND})
