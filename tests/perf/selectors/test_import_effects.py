"""What a file would make of D_f and PERF, and what recording it then makes of them."""

import datetime as dt

import pytest

from accounts.enums import Role
from parameters.models import RegulatoryParameter
from perf.engine.instants import HOUR, SECOND
from perf.enums import OutageNature, Period
from perf.models import Outage
from perf.rules.parameters import PERIOD
from perf.selectors.import_effects import import_effects
from perf.selectors.rules import rules_at
from perf.selectors.situations import situation
from perf.services import imports
from perf.services.outages import record
from tests.by import acting
from tests.factories import ServiceFactory, member
from tests.perf.csv_files import confirm, content, keep, line

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("calendars")]
NOW = dt.datetime(2026, 11, 22, 9, tzinfo=dt.UTC)
LONG_AGO = dt.datetime(2025, 1, 1, tzinfo=dt.UTC)


@pytest.fixture
def service():
    return ServiceFactory(code="drim-1", created_at=LONG_AGO)


@pytest.fixture
def salarie(service):
    return member(Role.SALARIE, service.prestation.organisation)


def effects(user, *lines):
    plan = imports.check(content(*lines), user=user, now=NOW)
    assert not plan.problems
    return import_effects(plan.outages, now=NOW)


def load(user, *lines):
    waiting = keep(user=user, name="a.csv", content=content(*lines), now=NOW)
    confirm(user=user, sha256=waiting.sha256, now=NOW)


def shown(found):
    return [
        (
            effect.period.label,
            *(f and (f.counted, str(f.perf)) for f in (effect.before, effect.after)),
        )
        for effect in found
    ]


def day(number, start="09:00", end="19:00"):
    """A working day of February 2026: ten hours of «période ouvrable»."""
    date = f"{number:02}/02/2026"
    return {"started_at": f"{date} {start}", "ended_at": f"{date} {end}"}


LIMITS = {
    # the end of the outage of the 3rd → PERF after ten hours on the 2nd
    "09:00": (10 * HOUR, "1"),
    "09:00:01": (10 * HOUR + SECOND, "1/2"),
    "18:59:59": (20 * HOUR - SECOND, "1/2"),
    "19:00": (20 * HOUR, "1/2"),
}


@pytest.mark.parametrize("end", LIMITS)
def test_perf_falls_beyond_a_threshold_and_not_on_it(salarie, end):
    load(salarie, line("drim-1", "A", **day(2)))
    found = effects(salarie, line("drim-1", "B", **day(3, end=end)))
    assert shown(found) == [("année 2026", (10 * HOUR, "1"), LIMITS[end])]
    assert found[0].falls is (LIMITS[end][1] != "1")
    assert Outage.objects.count() == 1


def test_beyond_the_last_threshold_perf_is_nothing(salarie):
    load(salarie, line("drim-1", "A", **day(2)), line("drim-1", "B", **day(3)))
    found = effects(salarie, line("drim-1", "C", **day(4, end="09:00:01")))
    assert shown(found) == [("année 2026", (20 * HOUR, "1/2"), (20 * HOUR + SECOND, "0"))]


FILES = {
    "new": [line("drim-1", "N", **day(10))],
    "longer": [line("drim-1", "A", **day(2, end="18:00"))],
    "in another period": [
        line("drim-1", "A", started_at="05/01/2026 09:00", ended_at="05/01/2026 10:00")
    ],
    "over two periods": [
        line("drim-1", "N", started_at="31/12/2025 18:00", ended_at="02/01/2026 10:00")
    ],
    "overlapping": [line("drim-1", "N", **day(2, start="10:00", end="12:00"))],
    "still going on": [line("drim-1", "N", started_at="20/11/2026 09:00", ended_at="")],
    "twice the same hours": [line("drim-1", "N", **day(5)), line("drim-1", "M", **day(5))],
}


@pytest.mark.parametrize("kind", [Period.YEAR, Period.MONTH])
@pytest.mark.parametrize("case", FILES)
def test_what_is_foreseen_is_what_the_page_says_once_it_is_recorded(service, salarie, case, kind):
    RegulatoryParameter.objects.create(
        key=PERIOD, value=kind, effective_from=LONG_AGO, source="Texte fictif"
    )
    load(salarie, line("drim-1", "A", **day(2, end="12:00")))
    lines = FILES[case]
    found = effects(salarie, *lines)
    assert found
    page = {effect.period.start: figure_of(service, effect.period) for effect in found}
    assert {effect.period.start: effect.before for effect in found} == page
    load(salarie, *lines)
    page = {effect.period.start: figure_of(service, effect.period) for effect in found}
    assert {effect.period.start: effect.after for effect in found} == page


def figure_of(service, period):
    rules = rules_at(min(NOW, period.end), client=service.prestation.client)
    return situation(service, start=period.start, end=period.end, now=NOW, rules=rules).figure


def test_before_the_service_was_followed_nothing_was_measured(salarie, service):
    service.created_at = NOW
    service.save()
    found = effects(salarie, line("drim-1", "A", **day(2)))
    assert shown(found) == [("année 2026", (0, "1"), (10 * HOUR, "1"))]
    found = effects(
        salarie, line("drim-1", "A", started_at="01/12/2025 09:00", ended_at="01/12/2025 10:00")
    )
    assert shown(found) == [("année 2025", None, (HOUR, "1"))]


def test_a_version_that_does_not_count_changes_no_figure(salarie, service):
    load(salarie, line("drim-1", "A", **day(2)))
    outage = Outage.objects.get()
    record(
        service=service,
        source="CLIENT",
        reference="C",
        started_at=outage.started_at,
        ended_at=outage.ended_at,
        by=acting(None, NOW, "Essai"),
        outage=outage,
    )
    assert effects(salarie, line("drim-1", "C", source="CLIENT", **day(2, end="12:00"))) == []
    assert effects(salarie, line("drim-1", "A", **day(2))) == []


def test_what_is_announced_for_a_period_to_come_changes_none(salarie):
    announced = {"started_at": "05/01/2027 09:00", "ended_at": "05/01/2027 10:00"}
    header_and_line = content(line("drim-1", "M", **announced)).decode("utf-8-sig").splitlines()
    text = f"{header_and_line[0]};nature\n{header_and_line[1]};MAINTENANCE"
    plan = imports.check(text.encode(), user=salarie, now=NOW)
    assert [row.nature for row in plan.lines] == [OutageNature.MAINTENANCE]
    assert import_effects(plan.outages, now=NOW) == []


def test_perf_that_falls_comes_first_then_what_changes_most(salarie, service):
    names = {"drim-2": "Bernay", "drim-3": "Antibes", "drim-4": "Cahors"}
    for code, name in names.items():
        other = ServiceFactory(
            code=code, created_at=LONG_AGO, prestation__supplier=service.prestation.supplier
        )
        other.prestation.client.name = name
        other.prestation.client.save()
    lines = [
        line("drim-2", "A", **day(2)),
        line("drim-3", "B", **day(2, end="10:00")),
        line("drim-4", "C1", **day(2)),
        line("drim-4", "C2", **day(3)),
    ]
    found = effects(salarie, *lines)
    assert [effect.service.code for effect in found] == ["drim-4", "drim-2", "drim-3"]


@pytest.mark.parametrize("number", [1, 40])
def test_the_queries_do_not_grow_with_lines_nor_services(
    salarie, service, number, django_assert_num_queries
):
    for rank in range(number):
        ServiceFactory(
            code=f"s-{rank}",
            created_at=LONG_AGO,
            prestation__supplier=service.prestation.supplier,
        )
    lines = [line(f"s-{rank}", str(rank), **day(2)) for rank in range(number)]
    plan = imports.check(content(*lines), user=salarie, now=NOW)
    with django_assert_num_queries(4):
        assert len(import_effects(plan.outages, now=NOW)) == number
