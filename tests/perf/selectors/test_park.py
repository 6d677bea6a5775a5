import datetime as dt
from types import SimpleNamespace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from perf.engine.hours import Span
from perf.engine.instants import HOUR, MINUTE, Interval, from_us, to_us
from perf.engine.rules import SLIDES, SUPPORT_WEEK, Rules
from perf.enums import OutageNature, OutageStanding
from perf.models import Outage
from perf.selectors.park import Microseconds, close_park
from perf.selectors.situations import situation
from segur.lib.paris import PARIS
from tests.factories import ServiceFactory

pytestmark = pytest.mark.django_db

START, END = (dt.datetime(2027, month, 1, tzinfo=PARIS) for month in (3, 5))
PERIOD = Interval(to_us(START), to_us(END))
WEEK = 7 * 24 * HOUR
LATE = dt.datetime(2027, 6, 1, tzinfo=PARIS)

instants = st.integers(PERIOD.start - WEEK, PERIOD.end + WEEK)
lengths = st.one_of(st.none(), st.just(0), st.integers(0, 40 * MINUTE), st.integers(0, WEEK))
outages = st.lists(
    st.tuples(
        instants,
        lengths,
        st.sampled_from(OutageNature.values),
        st.sampled_from(OutageStanding.values),
    ),
    max_size=12,
)


@pytest.fixture
def services(calendars):
    return ServiceFactory.create_batch(3)


def make(service, start, length, nature=OutageNature.OUTAGE, standing=OutageStanding.UNCONTESTED):
    end = None if length is None else from_us(start + length)
    return Outage(
        service=service, started_at=from_us(start), ended_at=end, nature=nature, standing=standing
    )


def closed(*, now=LATE, rules=SLIDES, **more):
    lines = close_park(Outage.objects.all(), period=PERIOD, rules=rules, now=to_us(now), **more)
    return {line.service_id: line for line in lines}


@settings(
    max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(
    parks=st.lists(outages, min_size=3, max_size=3),
    now=instants.map(from_us),
    maintenance_counts=st.booleans(),
)
def test_the_park_closes_as_the_pages_of_its_prestations_do(
    services, parks, now, maintenance_counts
):
    Outage.objects.all().delete()
    Outage.objects.bulk_create(
        make(service, start, length, nature, standing)
        for service, park in zip(services, parks, strict=True)
        for start, length, nature, standing in park
    )
    rules = Rules(maintenance_counts=maintenance_counts)
    lines = closed(now=now, rules=rules)
    for service in services:
        page = situation(service, start=START, end=END, now=now, rules=rules).simulation
        line = lines.get(service.pk) or SimpleNamespace(
            counted_a=0, counted_b=0, uncontested_a=0, uncontested_b=0, is_open=False
        )
        a, b = page.readings
        assert (line.counted_a, line.counted_b) == (a.before.counted, b.before.counted)
        assert line.is_open == page.is_provisional
        without = [(item.uncontested or item.before).counted for item in (a, b)]
        assert [line.uncontested_a, line.uncontested_b] == without


def test_one_query_whatever_the_park(services, django_assert_num_queries):
    for service in services:
        make(service, PERIOD.start + HOUR, HOUR).save()
    with django_assert_num_queries(1):
        assert len(closed()) == 3


def test_a_service_without_outage_in_the_period_has_no_line(services):
    make(services[0], PERIOD.start - 2 * HOUR, HOUR).save()
    make(services[1], PERIOD.end, HOUR).save()
    make(services[2], PERIOD.end - HOUR, HOUR, standing=OutageStanding.NOT_RETAINED).save()
    assert closed() == {}


def test_microseconds_are_exact(services):
    """Beyond 2038 too, and at the edges of a second: PostgreSQL goes by way of a double."""
    starts = [
        to_us(dt.datetime(year, 12, 31, 23, 59, 59, micro, tzinfo=dt.UTC))
        for year in (2020, 2027, 2037, 2040, 2099)
        for micro in (0, 1, 499_999, 500_000, 500_001, 999_999)
    ]
    Outage.objects.bulk_create(make(services[0], start, 1) for start in starts)
    found = Outage.objects.values_list(Microseconds("started_at"), Microseconds("ended_at"))
    assert sorted(found) == [(start, start + 1) for start in starts]


def test_an_outage_that_lasts_has_no_end_in_microseconds(services):
    make(services[0], PERIOD.start, None).save()
    assert Outage.objects.values_list(Microseconds("ended_at"), flat=True).get() is None


def test_a_client_with_holidays_of_its_own(services):
    """Good Friday, 26/03/2027, is a holiday in Moselle only."""
    ten = to_us(dt.datetime(2027, 3, 26, 10, tzinfo=PARIS))
    for service in services[:2]:
        make(service, ten, HOUR).save()
    moselle = Rules(spans=(Span(dt.date(2020, 1, 1), SUPPORT_WEEK, "57"),))
    lines = closed(own_rules={services[0].pk: moselle})
    assert [lines[service.pk].counted_a for service in services[:2]] == [0, HOUR]
    assert [lines[service.pk].counted_b for service in services[:2]] == [HOUR, HOUR]
