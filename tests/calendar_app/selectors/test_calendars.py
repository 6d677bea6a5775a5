"""What the pages of the calendars read."""

import datetime as dt

import pytest

from calendar_app.display.timeline import When
from calendar_app.enums import Channel, State
from calendar_app.models import Milestone
from calendar_app.selectors.calendars import (
    CalendarPage,
    CalendarStep,
    calendar_pages,
    channel_addresses,
    compare,
    timeline,
    touched,
)
from tests.factories import DeadlineFactory, OrganisationFactory, SolutionFactory

pytestmark = pytest.mark.usefixtures("calendars")
NOW = dt.datetime(2026, 11, 22, 9, tzinfo=dt.UTC)


def coming(page: CalendarPage) -> CalendarStep:
    assert page.coming is not None
    return page.coming


def test_the_next_step_is_the_first_to_come():
    ris, drimbox = calendar_pages(now=NOW)
    assert (coming(ris).milestone.code, coming(drimbox).milestone.code) == ("ris-5", "drimbox-5")
    assert (coming(ris).left.days, coming(ris).left.working_days) == (199, 137)
    assert [step.when for step in ris.steps] == [When.PAST] * 4 + [When.TO_COME] * 2


def test_the_very_instant_of_a_milestone_is_past_and_the_next_one_is_next():
    ris, _ = calendar_pages(now=dt.datetime(2027, 6, 9, 10, tzinfo=dt.UTC))
    assert coming(ris).milestone.code == "ris-6"
    assert ris.steps[4].when == When.PAST


def test_after_the_last_one_nothing_is_next():
    ris, _ = calendar_pages(now=dt.datetime(2028, 1, 1, tzinfo=dt.UTC))
    assert ris.coming is None


def test_comparison_shows_which_differ_and_by_how_much():
    rows = compare(calendar_pages(now=NOW))
    assert [row.number for row in rows if row.differs] == [5, 6]
    assert [row.gap_days for row in rows] == [0, 0, 0, 0, 98, 84]
    assert rows[4].title == "Réalisation des Prestations Ségur de mise à jour Vague 2"


def test_a_milestone_that_one_calendar_lacks_differs():
    Milestone.objects.get(code="drimbox-6").versions.all().delete()
    Milestone.objects.get(code="drimbox-6").delete()
    row = compare(calendar_pages(now=NOW))[5]
    assert row.steps[1] is None
    assert (row.differs, row.gap_days, row.any.milestone.code) == (True, 0, "ris-6")


def test_an_hour_alone_makes_a_difference_of_no_day():
    milestone = Milestone.objects.get(code="ris-1")
    assert milestone.due_at
    milestone.due_at += dt.timedelta(hours=2)
    milestone.save()
    row = compare(calendar_pages(now=NOW))[0]
    assert (row.differs, row.gap_days) == (True, 0)


def test_addresses_are_those_of_the_parameters():
    assert channel_addresses(at=NOW) == {
        Channel.CONVERGENCE: "https://convergence.esante.gouv.fr/",
        Channel.ASP: "https://www.asp-public.fr/",
    }
    ris, _ = calendar_pages(now=NOW)
    assert [bool(step.address) for step in ris.steps] == [True] * 4 + [False, True]


def test_the_picture_has_a_lane_for_each_calendar():
    picture = timeline(calendar_pages(now=NOW), now=NOW)
    assert picture is not None
    assert [(lane.label, len(lane.points)) for lane in picture.lanes] == [
        ("RIS", 6),
        ("DRIMbox", 6),
    ]


def test_what_an_amendment_touches():
    organisation = OrganisationFactory()
    for state in (State.TO_DO, State.FILED):
        DeadlineFactory(solution=SolutionFactory(organisation=organisation), state=state)
    deadline = DeadlineFactory(state=State.DRAFT)
    assert touched(deadline.milestone) == {"deadlines": 3, "open": 2, "organisations": 2}


def test_pages_take_a_fixed_number_of_queries(django_assert_num_queries):
    with django_assert_num_queries(4):
        compare(calendar_pages(now=NOW))
