"""Rules from the regulatory parameters."""

import datetime as dt

import pytest

from accounts.enums import Kind, Role
from parameters.services.values import parameter_amend
from perf.engine import downtime
from perf.engine.instants import HOUR, MINUTE, Interval, to_us
from perf.engine.rules import CONTINU, SLIDES, from_json
from perf.enums import Period
from perf.rules import parameters as keys
from perf.selectors.rules import park_rules, period_kind, rules_at
from segur.lib import paris
from tests.by import acting
from tests.factories import OrganisationFactory, member

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2027, 2, 10, 9, tzinfo=dt.UTC)
PERIOD = Interval(*(to_us(paris.at(dt.date(y, 1, 1), dt.time())) for y in (2027, 2028)))


@pytest.fixture
def amend(db):
    responsable = member(Role.RESPONSABLE)

    def change(key, value, day):
        parameter_amend(
            key=key,
            value=value,
            effective_from=paris.at(day, dt.time()),
            source="Texte fictif",
            is_confirmed=True,
            by=acting(responsable, NOW),
        )

    return change


def midnight(month, day):
    return paris.at(dt.date(2027, month, day), dt.time())


def counted(rules, start, end):
    found = downtime.closed([(start, end)], period=PERIOD, now=None)
    return downtime.counted(found, period=PERIOD, clock=rules.open_time)


def client(finess):
    return OrganisationFactory.build(kind=Kind.CLIENT, finess=finess)


def test_without_any_row_they_are_those_of_the_slides():
    assert rules_at(NOW) == SLIDES
    assert period_kind(NOW) == Period.YEAR


def test_hours_changed_during_an_outage_count_day_by_day(amend):
    amend(keys.HOURS_WEEKDAY, "08:00-20:00", dt.date(2027, 2, 3))
    for instant in (midnight(1, 15), NOW):
        rules = rules_at(instant)
        assert counted(rules, midnight(2, 2), midnight(2, 3)) == 10 * HOUR
        assert counted(rules, midnight(2, 3), midnight(2, 4)) == 12 * HOUR
        assert counted(rules, midnight(2, 1), midnight(2, 5)) == 44 * HOUR


def test_an_older_text_known_later_does_not_hide_the_newer_hours(amend):
    amend(keys.HOURS_SATURDAY, "fermé", dt.date(2027, 2, 1))
    amend(keys.HOURS_SATURDAY, "09:00-12:00", dt.date(2027, 1, 1))
    rules = rules_at(NOW)
    assert counted(rules, midnight(1, 16), midnight(1, 17)) == 3 * HOUR
    assert counted(rules, midnight(2, 6), midnight(2, 7)) == 0
    assert [span.start for span in rules.spans] == [
        dt.date(2020, 1, 1),
        dt.date(2027, 1, 1),
        dt.date(2027, 2, 1),
    ]


@pytest.mark.parametrize(
    ("key", "value", "name", "expected"),
    [
        (keys.GTI, 45, "gti", 45 * MINUTE),
        (keys.GTR, 300, "gtr", 5 * HOUR),
        (keys.BASE, CONTINU, "base", CONTINU),
        (keys.GUARANTEE_BASE, CONTINU, "guarantee_base", CONTINU),
        (keys.MAINTENANCE, False, "maintenance_counts", False),
    ],
)
def test_the_rest_is_what_holds_at_the_instant(amend, key, value, name, expected):
    amend(key, value, dt.date(2027, 2, 11))
    assert getattr(rules_at(NOW), name) == getattr(SLIDES, name)
    assert getattr(rules_at(NOW + dt.timedelta(days=1)), name) == expected


def test_thresholds_flow_to_the_score(amend):
    amend(keys.LIMIT_ONE, 300, dt.date(2027, 1, 1))
    amend(keys.LIMIT_HALF, 720, dt.date(2027, 1, 1))
    scale = rules_at(NOW).scale
    assert [step.limit for step in scale.steps] == [5 * HOUR, 12 * HOUR]
    assert [float(scale.perf(hours * HOUR)) for hours in (5, 6, 12, 13)] == [1, 0.5, 0.5, 0]


def test_rules_frozen_do_not_follow_a_later_change(amend):
    frozen = rules_at(NOW).as_json()
    amend(keys.LIMIT_ONE, 60, dt.date(2027, 1, 1))
    amend(keys.HOURS_WEEKDAY, "00:00-24:00", dt.date(2027, 1, 1))
    assert from_json(frozen) == SLIDES
    assert counted(from_json(frozen), midnight(2, 1), midnight(2, 2)) == 10 * HOUR
    assert counted(rules_at(NOW), midnight(2, 1), midnight(2, 2)) == 24 * HOUR


@pytest.mark.parametrize(
    ("finess", "key", "month", "day"),
    [
        ("570000001", keys.ALSACE_MOSELLE, 3, 26),
        ("670000001", keys.ALSACE_MOSELLE, 3, 26),
        ("680000001", keys.ALSACE_MOSELLE, 3, 26),
        ("970100001", keys.OVERSEAS, 5, 27),
        ("970211201", keys.OVERSEAS, 5, 22),
        ("970300001", keys.OVERSEAS, 6, 10),
        ("970400001", keys.OVERSEAS, 12, 20),
        ("974000001", keys.OVERSEAS, 12, 20),
        ("980500001", keys.OVERSEAS, 4, 27),
    ],
)
def test_local_days_close_only_once_switched_on_and_only_there(amend, finess, key, month, day):
    def open_hours(who):
        start = midnight(month, day)
        return counted(rules_at(NOW, client=who), start, start + dt.timedelta(days=1))

    usual = open_hours(client("750000001"))
    assert usual > 0
    assert open_hours(client(finess)) == usual
    amend(key, value=True, day=dt.date(2027, 1, 1))
    assert open_hours(client(finess)) == 0
    assert open_hours(client("750000001")) == open_hours(None) == usual


def test_local_days_switched_on_during_the_year_hold_from_that_day(amend):
    amend(keys.ALSACE_MOSELLE, value=True, day=dt.date(2027, 3, 27))
    rules = rules_at(NOW, client=client("570000001"))
    assert counted(rules, midnight(3, 26), midnight(3, 27)) == 10 * HOUR
    assert rules_at(NOW, client=client("750000001")) == SLIDES


def test_the_whole_park_takes_one_query(amend, django_assert_num_queries):
    amend(keys.ALSACE_MOSELLE, value=True, day=dt.date(2027, 1, 1))
    amend(keys.OVERSEAS, value=True, day=dt.date(2027, 1, 1))
    with django_assert_num_queries(1):
        park = park_rules(NOW)
        found = {park.of(finess) for finess in ("570000001", "970100001", "750000001", "")}
    assert len(found) == 3
    assert park.of("570000009") is park.of("570000001")
    with django_assert_num_queries(1):
        rules_at(NOW, client=client("570000001"))
