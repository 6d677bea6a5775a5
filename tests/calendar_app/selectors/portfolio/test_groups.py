"""Groups of alike deadlines stand where each deadline, asked alone, would."""

import datetime as dt

import pytest

from accounts.enums import Kind
from calendar_app.enums import Channel, State
from calendar_app.models import Deadline, Prestation
from calendar_app.rules.parameters import ORDER_REFUSED
from calendar_app.rules.standing import Standing
from calendar_app.selectors.gates import unmet_of
from calendar_app.selectors.portfolio.groups import Group, grouped, recount, stands_of
from calendar_app.services.deadlines import open_deadlines
from parameters.models import RegulatoryParameter
from tests.factories import (
    OrganisationFactory,
    PrestationFactory,
    SolutionFactory,
    SupplierFactory,
    justified_pilot,
)

pytestmark = pytest.mark.usefixtures("calendars")
NOW = dt.datetime(2026, 11, 22, 9, tzinfo=dt.UTC)


def prestation(supplier, **fields):
    made = PrestationFactory(supplier=supplier, **fields)
    open_deadlines(prestation=made, now=NOW)
    return made


@pytest.fixture
def market():
    """Three Fournisseurs of a RIS: one with its three pilots, one whose mandate has lapsed, one
    whose mandate ends before the solde; two prestations each, one of them realised."""
    solution = SolutionFactory()
    own = SupplierFactory(solution=solution)
    for _ in range(3):
        justified_pilot(own)
    ends = {"lapsed": dt.date(2026, 10, 1), "ending": dt.date(2027, 6, 30)}
    suppliers = [
        own,
        *(
            SupplierFactory(
                solution=solution,
                organisation=OrganisationFactory(kind=Kind.DISTRIBUTEUR, name=name),
                mandate_until=until,
            )
            for name, until in ends.items()
        ),
    ]
    for supplier in suppliers:
        prestation(supplier)
        realised = prestation(supplier).deadlines.get(milestone__number=5)
        Deadline.objects.filter(pk=realised.pk).update(state=State.FILED)
    return suppliers


def set_value(key, value):
    RegulatoryParameter.objects.create(
        key=key,
        value=value,
        effective_from=dt.datetime(2026, 1, 1, tzinfo=dt.UTC),
        source="Arrêté fictif",
        author_name="Essai",
    )


def stands(now=NOW, safe_days=None):
    deadlines = grouped(Prestation.objects.all(), now=now)
    return deadlines, stands_of(deadlines, safe_days=safe_days or {}, now=now)


def where(supplier, number, now=NOW, safe_days=None):
    _deadlines, found = stands(now, safe_days)
    milestone = supplier.solution.dispositif.milestones.get(number=number)
    return [
        found.by_group[group]
        for group in found.by_group
        if (group.supplier, group.milestone) == (supplier.pk, milestone.pk)
    ]


@pytest.mark.parametrize("refused", [False, True])
def test_a_group_is_blocked_as_each_of_its_deadlines_is(market, refused):
    set_value(ORDER_REFUSED, refused)
    deadlines, found = stands()
    rows = list(Deadline.objects.filter(prestation__isnull=False).with_subject())
    alone = unmet_of(rows, NOW)
    groups = {
        row["pk"]: Group(
            row["prestation__supplier"], row["milestone"], State(row["state"]), row["is_undone"]
        )
        for row in deadlines.values("pk", "prestation__supplier", "milestone", "state", "is_undone")
    }
    assert len(rows) == sum(found.counts.values()) == 18
    for row in rows:
        asked = [one.reason for one in alone[row.pk]] if row.is_open else []
        assert [one.reason for one in found.by_group[groups[row.pk]].reasons] == asked


def test_a_lapsed_mandate_blocks_and_is_named(market):
    [stand] = where(market[1], 6)
    assert stand.standing == Standing.BLOCKED
    assert stand.why == "mandat, périmètre pilote"


def test_a_mandate_that_ends_before_the_solde_is_a_threat(market):
    for _ in range(3):
        justified_pilot(market[2])
    [stand] = where(market[2], 6)
    assert stand.standing == Standing.AT_RISK
    assert stand.why == "mandat jusqu'au 30/06/2027"


@pytest.mark.parametrize(
    ("day", "found"),
    [
        ("2026-11-21", Standing.AT_RISK),
        ("2026-11-22", Standing.TO_DO),
        ("2026-11-23", Standing.TO_DO),
    ],
)
def test_past_the_safe_day_a_deadline_is_at_risk(market, day, found):
    milestone = market[0].solution.dispositif.milestones.get(number=6)
    safe_days = {milestone.pk: dt.date.fromisoformat(day)}
    [stand] = where(market[0], 6, safe_days=safe_days)
    assert stand.standing == found


@pytest.mark.parametrize(
    ("seconds", "found"), [(-1, Standing.TO_DO), (0, Standing.LATE), (1, Standing.LATE)]
)
def test_at_the_very_instant_a_deadline_is_late(market, seconds, found):
    milestone = market[0].solution.dispositif.milestones.get(channel=Channel.NONE)
    now = milestone.due_at + dt.timedelta(seconds=seconds)
    places = {stand.standing for stand in where(market[0], 5, now)}
    assert places == {found, Standing.FILED}


def test_the_filter_finds_the_deadlines_that_are_counted(market):
    deadlines, found = stands()
    for one, count in found.overall().items():
        kept = deadlines.filter(found.deadlines_in({one}))
        assert kept.count() == count
        assert recount(kept, found).overall() == {one: count}


def test_a_thousand_prestations_cost_the_same_queries(market, django_assert_num_queries):
    with django_assert_num_queries(10):
        stands()
    for _ in range(5):
        prestation(market[0])
        prestation(market[1])
    with django_assert_num_queries(10):
        stands()
