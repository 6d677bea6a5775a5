"""Rules as one value: they travel in JSON, hours hold day by day, thresholds are theirs."""

import datetime as dt
import json
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from perf.command import cases
from perf.display import pictures
from perf.engine import downtime
from perf.engine.errors import BadRules
from perf.engine.hours import DatedHours, Span
from perf.engine.instants import HOUR, MINUTE, SECOND, Interval, to_us
from perf.engine.rules import (
    BASES,
    CONTINU,
    OUVRABLE,
    SLIDES,
    SUPPORT_WEEK,
    Rules,
    from_json,
)
from perf.engine.score import Scale, Step
from perf.rules.figures import Figure
from segur.lib import paris
from segur.lib.opening_hours import windows

EIGHT_TO_EIGHT = (*(windows("08:00-20:00"),) * 5, (), ())


def dated(*spans):
    return Rules(spans=tuple(spans))


def counted(rules, start, end):
    period = Interval(to_us(paris.at(dt.date(2027, 1, 1), dt.time())), to_us(start))._replace(
        end=to_us(paris.at(dt.date(2028, 1, 1), dt.time()))
    )
    found = downtime.closed([(start, end)], period=period, now=None)
    return downtime.counted(found, period=period, clock=rules.open_time)


def day(month, number, hour=0):
    return paris.at(dt.date(2027, month, number), dt.time(hour))


def test_hours_changed_in_the_middle_of_an_outage_count_day_by_day():
    """Closed at 19:00 until Tuesday, at 20:00 from Wednesday 3 February on."""
    rules = dated(
        Span(dt.date(2020, 1, 1), SUPPORT_WEEK), Span(dt.date(2027, 2, 3), EIGHT_TO_EIGHT)
    )
    assert counted(rules, day(2, 2), day(2, 3)) == 10 * HOUR
    assert counted(rules, day(2, 3), day(2, 4)) == 12 * HOUR
    assert counted(rules, day(2, 1), day(2, 8)) == (10 + 10 + 12 * 3) * HOUR


def test_the_first_hours_also_hold_before_their_start():
    rules = dated(Span(dt.date(2027, 2, 3), EIGHT_TO_EIGHT))
    assert counted(rules, day(2, 1), day(2, 2)) == 12 * HOUR


def test_of_several_hours_the_first_hold_before_their_start_and_each_from_its_own_day():
    hours = DatedHours(
        (Span(dt.date(2027, 2, 1), SUPPORT_WEEK), Span(dt.date(2027, 2, 3), EIGHT_TO_EIGHT))
    )
    days = ((1, 29), (2, 1), (2, 2), (2, 3), (2, 4))
    closings = [hours.windows(dt.date(2027, month, day))[0][1].hour for month, day in days]
    assert closings == [19, 19, 19, 20, 20]


def test_the_slides_as_json():
    assert Rules().as_json() == {
        "hours": [
            {
                "from": "2020-01-01",
                **dict.fromkeys(["lundi", "mardi", "mercredi", "jeudi", "vendredi"], "09:00-19:00"),
                "samedi": "09:00-13:00",
                "dimanche": "fermé",
                "holidays": "national",
            }
        ],
        "thresholds": [
            {"limit_us": 10 * HOUR, "perf": "1"},
            {"limit_us": 20 * HOUR, "perf": "1/2"},
        ],
        "beyond": "0",
        "base": "ouvrable",
        "gti_us": 30 * MINUTE,
        "gtr_us": 4 * HOUR,
        "guarantee_base": "ouvrable",
        "maintenance_counts": True,
    }


@pytest.mark.parametrize(
    ("subdivision", "expected"),
    [("", 10 * HOUR), ("57", 0)],
    ids=["national", "Alsace-Moselle"],
)
def test_a_local_holiday_is_closed_only_where_it_is_one(subdivision, expected):
    """Good Friday, 26 March 2027, is a holiday in Moselle."""
    rules = dated(Span(dt.date(2020, 1, 1), SUPPORT_WEEK, subdivision))
    assert counted(rules, day(3, 26), day(3, 27)) == expected


def test_local_days_switched_on_within_a_year_hold_from_that_day():
    rules = dated(
        Span(dt.date(2020, 1, 1), SUPPORT_WEEK), Span(dt.date(2027, 4, 1), SUPPORT_WEEK, "57")
    )
    assert counted(rules, day(3, 26), day(3, 27)) == 10 * HOUR
    assert DatedHours(rules.spans).holiday(dt.date(2027, 12, 26)) == "Saint-Étienne"


minutes = st.integers(0, 24 * 60 - 1)


@st.composite
def days(draw):
    """Windows of one day: an even number of distinct minutes, in order."""
    found = sorted(draw(st.sets(minutes, max_size=6)))
    clocks = [dt.time(*divmod(minute, 60)) for minute in found]
    return tuple(zip(clocks[::2], clocks[1::2], strict=False))


spans = st.builds(
    Span,
    st.dates(dt.date(2020, 1, 1), dt.date(2040, 12, 31)),
    st.tuples(*(days() for _ in range(7))),
    st.sampled_from(["", "57", "GP", "RE"]),
)
any_rules = st.builds(
    Rules,
    spans=st.lists(spans, min_size=1, max_size=4).map(
        lambda found: tuple(sorted(found, key=lambda span: span.start))
    ),
    scale=st.tuples(st.integers(0, 100 * HOUR), st.integers(0, 100 * HOUR)).map(
        lambda limits: Scale((Step(min(limits), Fraction(1)), Step(max(limits), Fraction(1, 2))))
    ),
    base=st.sampled_from(BASES),
    gti=st.integers(0, 10 * HOUR),
    gtr=st.integers(0, 10 * HOUR),
    guarantee_base=st.sampled_from(BASES),
    maintenance_counts=st.booleans(),
)


@settings(max_examples=100)
@given(any_rules)
def test_rules_come_back_from_json_as_they_were(rules):
    assert from_json(json.loads(json.dumps(rules.as_json()))) == rules


@pytest.mark.parametrize(
    "spoil",
    [
        lambda data: data.pop("hours"),
        lambda data: data.update(hours=[]),
        lambda data: data.update(hours="lundi"),
        lambda data: data["hours"][0].pop("mardi"),
        lambda data: data["hours"][0].update(mardi=9),
        lambda data: data["hours"][0].update(holidays="Atlantide"),
        lambda data: data["hours"].append({**data["hours"][0], "from": "2019-01-01"}),
        lambda data: data["thresholds"].reverse(),
        lambda data: data.update(thresholds=[]),
        lambda data: data.update(base="nuit"),
        lambda data: data.update(guarantee_base="nuit"),
        lambda data: data.update(gti_us=-1),
        lambda data: data.update(gti_us=float("inf")),
        lambda data: data.update(beyond="1/0"),
        lambda data: data.update(maintenance_counts="oui"),
    ],
)
def test_rules_that_make_no_sense_are_refused(spoil):
    data = SLIDES.as_json()
    spoil(data)
    with pytest.raises(BadRules):
        from_json(data)


CASE = {
    "name": "x",
    "period_start": "2027-01-01T00:00:00+01:00",
    "period_end": "2028-01-01T00:00:00+01:00",
    "outages": [["2027-02-01T09:00:00+01:00", "2027-02-02T09:00:01+01:00"]],
}
OTHER = Rules(
    spans=(Span(dt.date(2020, 1, 1), EIGHT_TO_EIGHT),),
    scale=Scale((Step(5 * HOUR, Fraction(1)), Step(12 * HOUR, Fraction(1, 2)))),
    gti=15 * MINUTE,
    gtr=2 * HOUR,
)


@pytest.mark.parametrize(
    ("rules", "us", "perf", "base"),
    [
        (None, 10 * HOUR + SECOND, "0.5", OUVRABLE),
        (SLIDES, 10 * HOUR + SECOND, "0.5", OUVRABLE),
        (OTHER, 12 * HOUR + SECOND, "0", OUVRABLE),
        (Rules(base=CONTINU), 24 * HOUR + SECOND, "0", CONTINU),
    ],
)
def test_a_case_is_scored_by_its_own_rules(rules, us, perf, base):
    case = {**CASE, "rules": rules.as_json()} if rules else CASE
    answer = cases.score_line(json.loads(json.dumps(case)))
    assert (answer["counted_us"], answer["perf"], answer["base"]) == (us, perf, base)


def test_the_base_of_a_case_wins_over_that_of_its_rules():
    answer = cases.score_line({**CASE, "base": CONTINU, "rules": SLIDES.as_json()})
    assert answer["counted_us"] == 24 * HOUR + SECOND


def test_a_ticket_is_due_by_its_own_rules():
    ticket = {"name": "t", "opened_at": "2027-01-12T19:30:00+01:00", "rules": OTHER.as_json()}
    assert cases.due_line(ticket)["gti_due"] == "2027-01-12T19:45:00+01:00"
    around_the_clock = Rules(guarantee_base=CONTINU).as_json()
    late = cases.due_line({**ticket, "rules": around_the_clock})
    assert late["gtr_due"] == "2027-01-12T23:30:00+01:00"


def test_bad_rules_are_a_bad_line():
    with pytest.raises(cases.REFUSALS):
        cases.score_line({**CASE, "rules": {"hours": []}})


def test_the_gauge_takes_the_scale_of_the_rules():
    gauge = pictures.gauge(Figure(6 * HOUR, OTHER.scale), ident="g", title="t")
    assert [zone["until"] for zone in gauge["zones"]] == ["5 h", "12 h", ""]
    assert gauge["left"] == "reste 6 h 00 min avant PERF 0"
    assert (gauge["perf"], gauge["used_pct"]) == ("0,5", 41.67)
    assert [zone["end_pct"] for zone in gauge["zones"]] == [34.72, 83.33, 100.0]


def test_a_zone_too_narrow_for_its_name_has_none():
    scale = Scale((Step(30 * MINUTE, Fraction(1)), Step(20 * HOUR, Fraction(1, 2))))
    gauge = pictures.gauge(Figure(0, scale), ident="g", title="t")
    assert [(zone["label"], zone["until"]) for zone in gauge["zones"]] == [
        ("", "30 min"),
        ("PERF 0,5", "20 h"),
        ("PERF 0", ""),
    ]


def test_the_hours_of_the_slides_are_those_of_the_support():
    """Written twice: as a table of `hours`, and as the first span of the rules."""
    whole = SLIDES.open_time.first, SLIDES.open_time.last
    assert SLIDES.open_time.slices(*whole) == SLIDES.open_time.slices(*whole)
