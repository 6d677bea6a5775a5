"""Outages by month, as lines for the simulator, and what each decision would give."""

import datetime as dt

import pytest
import time_machine
from django.urls import reverse

from perf.engine.instants import HOUR
from perf.enums import OutageNature, OutageStanding, Source
from perf.models import Outage
from perf.reading import typed
from perf.selectors.outages import choices
from perf.selectors.rules import rules_at
from perf.selectors.situations import situation
from perf.selectors.trend import MONTHS, trend, typed_outages
from perf.services.merging import merge
from segur.lib.instants import instant as at
from segur.lib.paris import PARIS
from tests.by import acting
from tests.factories import ServiceFactory
from tests.pages import markup
from tests.perf.outages.cases import NOW as OF_CASES
from tests.perf.outages.cases import agent, contested, declared, distributed
from tests.perf.views.test_prestations import say

NOW = at("16/03/2027 12:00")
pytestmark = pytest.mark.django_db


@pytest.fixture
def service(calendars):
    return ServiceFactory()


LONG_AGO = at("01/01/2026 00:00")


def months(service, since=LONG_AGO):
    rules = rules_at(NOW, client=service.prestation.client)
    found = trend(service, since=since, now=NOW, rules=rules)
    return {row.month.label: (row.begun, row.figure.counted) for row in found}


class TestTrend:
    def test_twelve_months_the_present_one_last(self, service):
        found = list(months(service))
        assert len(found) == MONTHS
        assert (found[0], found[-1]) == ("avril 2026", "mars 2027")

    @pytest.mark.parametrize(
        ("since", "first"),
        [("31/01/2027 23:59", "janvier 2027"), ("01/02/2027 00:00", "février 2027")],
    )
    def test_months_before_it_was_followed_are_left_out(self, service, since, first):
        assert next(iter(months(service, since=at(since)))) == first

    def test_an_outage_counts_where_it_begins_and_each_month_for_its_part(self, service):
        say(service, "28/02/2027 22:00", "01/03/2027 10:00", now=NOW)
        found = months(service)
        assert (found["février 2027"][0], found["mars 2027"][0]) == (1, 0)
        rules = rules_at(NOW, client=service.prestation.client)
        whole = situation(
            service,
            start=at("01/01/2027 00:00"),
            end=at("01/04/2027 00:00"),
            now=NOW,
            rules=rules,
        )
        assert sum(counted for _begun, counted in found.values()) == whole.figure.counted > 0

    def test_what_lasts_counts_up_to_now(self, service):
        say(service, "16/03/2027 10:00", "", now=NOW)
        assert months(service)["mars 2027"] == (1, 2 * HOUR)

    @pytest.mark.parametrize(
        "fields",
        [{"nature": OutageNature.UNMEASURED}, {"standing": OutageStanding.NOT_RETAINED}],
    )
    def test_what_does_not_count_is_left_out(self, service, fields):
        outage = say(service, "16/03/2027 10:00", "16/03/2027 11:00", now=NOW)
        Outage.objects.filter(pk=outage.pk).update(**fields)
        assert months(service)["mars 2027"] == (0, 0)

    def test_one_query_whatever_the_outages(self, service, django_assert_num_queries):
        rules = rules_at(NOW, client=service.prestation.client)
        for day in range(1, 6):
            say(service, f"0{day}/03/2027 10:00", f"0{day}/03/2027 11:00", now=NOW)
        with django_assert_num_queries(1):
            trend(service, since=LONG_AGO, now=NOW, rules=rules)


class TestSimulator:
    def test_the_lines_are_read_as_they_were(self, service):
        say(service, "15/01/2027 18:00", "18/01/2027 10:00", now=NOW)
        say(service, "16/03/2027 10:00", "", now=NOW)
        rules = rules_at(NOW, client=service.prestation.client)
        period = {"start": at("01/01/2027 00:00"), "end": at("01/01/2028 00:00")}
        found = situation(service, **period, now=NOW, rules=rules)
        again, errors = typed.outages(typed_outages(found.lines), now=NOW)
        assert errors == []
        assert [(one.start, one.end) for one in again] == [
            (at("15/01/2027 18:00"), at("18/01/2027 10:00")),
            (at("16/03/2027 10:00"), None),
        ]

    def test_the_page_of_the_prestation_opens_it_with_its_outages(self, client, service):
        say(service, "15/01/2027 18:00", "18/01/2027 10:00", now=NOW)
        with time_machine.travel(NOW, tick=False):
            client.force_login(agent())
            page = markup(client.get(reverse("perf:prestation", args=[service.prestation.pk])))
        assert "Simuler à partir de ces pannes" in page
        local = dt.datetime(2027, 1, 15, 18, tzinfo=PARIS).isoformat()
        assert f'<textarea name="pannes" hidden>{local} →' in page

    def test_without_an_outage_it_is_not_offered(self, client, service):
        with time_machine.travel(NOW, tick=False):
            client.force_login(agent())
            page = markup(client.get(reverse("perf:prestation", args=[service.prestation.pk])))
        assert "Simuler à partir de ces pannes" not in page


class TestChoices:
    def test_each_version_with_its_figures_then_none(self, calendars):
        service = distributed()
        outage = contested(service)
        declared(service, source=Source.CLIENT, reference="C-1", hours=4)
        merge(outage, Outage.objects.exclude(pk=outage.pk).get(), by=acting(agent(), OF_CASES))
        outage.refresh_from_db()
        _period, found = choices(outage, now=OF_CASES)
        assert len(found) == outage.versions.count() + 1 == 3
        assert found[-1].label == "Si rien n'est retenu"
        assert found[-1].figure.counted == 0
        assert [one.figure.counted for one in found[:2]] == [2 * HOUR, 4 * HOUR]
        outage.refresh_from_db()
        assert outage.standing == OutageStanding.CONTESTED
