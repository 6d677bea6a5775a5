"""Open time of one interval: the engine, and the libraries that one would take instead.

Each subject is made ready once, then answers (start, end), aware datetimes, with the open time in
microseconds. Each is given the zone that suits it: the engine UTC, as instants are stored, the
libraries Paris. The rules are those of DOMAIN §4, the holidays the same for all.
"""

import datetime as dt
from collections.abc import Callable

import businesstimedelta
import officehours
import opening_hours
import pytz

from perf.engine.hours import FIRST_YEAR, LAST_YEAR
from perf.engine.instants import to_us
from perf.engine.rules import SLIDES
from segur.lib.national_holidays import national_holidays
from segur.lib.paris import PARIS

Elapsed = Callable[[dt.datetime, dt.datetime], int]

NINE, THIRTEEN, NINETEEN = dt.time(9), dt.time(13), dt.time(19)
ONE_US = dt.timedelta(microseconds=1)
HOLIDAYS = {
    day: name
    for year in range(FIRST_YEAR, LAST_YEAR + 1)
    for day, name in national_holidays(year).items()
}


def engine() -> Elapsed:
    elapsed = SLIDES.open_time.elapsed
    return lambda start, end: elapsed(to_us(start), to_us(end))


def opening_hours_py() -> Elapsed:
    hours = opening_hours.OpeningHours(
        "Mo-Fr 09:00-19:00; Sa 09:00-13:00; PH off", timezone=PARIS, country="FR"
    )
    is_open = opening_hours.State.OPEN

    def elapsed(start: dt.datetime, end: dt.datetime) -> int:
        total = dt.timedelta()
        for opening, closing, state, _comment in hours.intervals(start, end):
            if state == is_open:
                total += closing - opening  # on one clock: no opening spans a time change
        return total // ONE_US

    return elapsed


def officehours_package() -> Elapsed:
    calculator = officehours.Calculator("9:00", "19:00", holidays=list(HOLIDAYS))

    def elapsed(start: dt.datetime, end: dt.datetime) -> int:
        naive = (start.replace(tzinfo=None), end.replace(tzinfo=None))
        return int(calculator.working_seconds(*naive)) * 1_000_000

    return elapsed


def businesstimedelta_package() -> Elapsed:
    zone = pytz.timezone("Europe/Paris")
    rules = businesstimedelta.Rules(
        [
            businesstimedelta.WorkDayRule(NINE, NINETEEN, [0, 1, 2, 3, 4], tz=zone),
            businesstimedelta.WorkDayRule(NINE, THIRTEEN, [5], tz=zone),
            businesstimedelta.HolidayRule(HOLIDAYS, tz=zone),
        ],
        tz=zone,
    )
    return lambda start, end: int(rules.difference(start, end).timedelta // ONE_US)


OURS = "perf.engine"
ZONES = {OURS: dt.UTC}
"""Paris for those not named."""

SUBJECTS: dict[str, Callable[[], Elapsed]] = {
    OURS: engine,
    "opening-hours-py": opening_hours_py,
    "officehours": officehours_package,
    "businesstimedelta": businesstimedelta_package,
}
