"""Deadlines appear by themselves, and move along TRANSITIONS only."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError

from accounts.enums import Role
from calendar_app.enums import OPEN_STATES, TRANSITIONS, ReminderState, Scope, State
from calendar_app.models import Deadline, Dispositif, Milestone, Reminder
from calendar_app.services.deadlines import open_deadlines, open_for_milestone, transition
from calendar_app.services.reminders import plan
from tests.by import acting
from tests.calendar_app.filing_cases import milestone_of
from tests.factories import (
    DeadlineFactory,
    PrestationFactory,
    SolutionFactory,
    SupplierFactory,
    member,
)

NOW = dt.datetime(2027, 5, 20, 8, tzinfo=dt.UTC)
pytestmark = pytest.mark.usefixtures("calendars")


def live_deadline(actor):
    """Milestone 5 of a prestation of the actor's organisation: due on 09/06/2027 at 12h."""
    solution = SolutionFactory(organisation=actor.memberships.get().organisation)
    prestation = PrestationFactory(supplier=SupplierFactory(solution=solution))
    made = open_deadlines(now=NOW - dt.timedelta(days=100), prestation=prestation)
    return next(deadline for deadline in made if milestone_of(deadline).number == 5)


@pytest.mark.parametrize("slug", ["ris", "drimbox"])
def test_a_solution_gets_milestones_1_to_3_and_a_prestation_4_to_6(slug):
    solution = SolutionFactory(drimbox=slug == "drimbox")
    prestation = PrestationFactory(supplier=SupplierFactory(solution=solution))
    of_solution = open_deadlines(now=NOW, solution=solution)
    of_prestation = open_deadlines(now=NOW, prestation=prestation)
    assert [milestone_of(row).code for row in of_solution] == [f"{slug}-{n}" for n in (1, 2, 3)]
    assert [milestone_of(row).code for row in of_prestation] == [f"{slug}-{n}" for n in (4, 5, 6)]
    for row in (*of_solution, *of_prestation):
        assert (row.due_at, row.version, row.title) == (
            milestone_of(row).due_at,
            milestone_of(row).version,
            milestone_of(row).title,
        )
        assert (row.state, row.organisation) == (State.TO_DO, solution.organisation)


def test_opening_twice_makes_nothing_more():
    solution = SolutionFactory()
    assert len(open_deadlines(now=NOW, solution=solution)) == 3
    assert open_deadlines(now=NOW, solution=solution) == []
    assert Deadline.objects.count() == 3


def test_opening_completes_what_is_missing():
    solution = SolutionFactory()
    open_deadlines(now=NOW, solution=solution)
    Deadline.objects.get(milestone__number=2).delete()
    assert [milestone_of(row).number for row in open_deadlines(now=NOW, solution=solution)] == [2]


def test_opening_needs_a_subject():
    with pytest.raises(TypeError):
        open_deadlines(now=NOW)


@pytest.mark.parametrize(
    ("scope", "expected"), [(Scope.SOLUTION, "solution"), (Scope.PRESTATION, "prestation")]
)
def test_a_calendar_that_gains_a_milestone_gives_it_to_its_own_subjects(scope, expected):
    ris = PrestationFactory()
    PrestationFactory(supplier=SupplierFactory(solution=SolutionFactory(drimbox=True)))
    milestone = Milestone.objects.create(
        dispositif=Dispositif.objects.get(slug="ris"),
        number=7,
        code="ris-7",
        title="Jalon ajouté",
        nature="REGULATORY",
        scope=scope,
        channel="ASP",
        due_at=dt.datetime(2027, 11, 10, 11, tzinfo=dt.UTC),
    )
    (made,) = open_for_milestone(milestone, now=NOW)
    assert getattr(made, expected) == (ris if expected == "prestation" else ris.supplier.solution)
    assert open_for_milestone(milestone, now=NOW) == []


def test_opening_costs_the_same_however_many_others_there_are(django_assert_max_num_queries):
    for prestation in PrestationFactory.create_batch(5):
        open_deadlines(now=NOW, prestation=prestation)
    prestation = PrestationFactory()
    with django_assert_max_num_queries(14):
        open_deadlines(now=NOW, prestation=prestation)


ALL_MOVES = [(start, to) for start in State for to in State]


@pytest.mark.parametrize(("start", "to"), ALL_MOVES)
def test_every_move(start, to):
    actor = member(full_name="Ana Fictive")
    deadline = DeadlineFactory(state=start)
    if to in TRANSITIONS[start]:
        row = transition(deadline, to=to, by=acting(actor, NOW), what="Essai", note="motif")
        assert (row.state, row.state_reason) == (to, "motif")
        (event,) = deadline.events.all()
        assert (event.from_state, event.to_state, event.at) == (start, to, NOW)
        assert (event.actor, event.actor_name) == (actor, "Ana Fictive")
        assert (event.what, event.note) == ("Essai", "motif")
    else:
        with pytest.raises(ValidationError) as refused:
            transition(deadline, to=to, by=acting(actor, NOW), what="Essai")
        (sentence,) = refused.value.messages
        assert start.label in sentence
        assert to.label in sentence
        for allowed in TRANSITIONS[start]:
            assert f"« {allowed.label} »" in sentence
        deadline.refresh_from_db()
        assert deadline.state == start
        assert not deadline.events.exists()


def test_a_closed_state_says_so():
    with pytest.raises(ValidationError, match="Elle est close"):
        transition(
            DeadlineFactory(state=State.ACCEPTED),
            to=State.TO_DO,
            by=acting(member(), NOW),
            what="Essai",
        )


def test_a_stale_row_in_memory_does_not_win():
    actor = member()
    deadline = live_deadline(actor)
    stale = Deadline.objects.get(pk=deadline.pk)
    transition(deadline, to=State.FILED, by=acting(actor, NOW), what="Déposé")
    with pytest.raises(ValidationError, match="Déposé"):
        transition(stale, to=State.NOT_APPLICABLE, by=acting(actor, NOW), what="Sans objet")


def steps(deadline, state):
    rows = Reminder.objects.filter(deadline=deadline, state=state)
    return sorted(rows.values_list("step", flat=True), reverse=True)


PATHS = [  # the way out, and the way back
    (State.NOT_APPLICABLE, State.TO_DO),
    (State.FILED, State.TO_CORRECT),
]


@pytest.mark.parametrize(("out", "back"), PATHS)
def test_reminders_stop_when_closed_and_come_back_when_reopened(out, back):
    actor = member(Role.MANDATAIRE)
    deadline = live_deadline(actor)
    transition(deadline, to=State.DRAFT, by=acting(actor, NOW), what="Brouillon")
    plan(now=NOW)  # as the periodic task does
    before = steps(deadline, ReminderState.SCHEDULED)
    assert {15, 7, 3, 1, 0} <= set(before)

    transition(deadline, to=out, by=acting(actor, NOW), what="Sort")
    assert steps(deadline, ReminderState.SCHEDULED) == []
    assert set(before) <= set(steps(deadline, ReminderState.CANCELLED))

    later = dt.datetime(2027, 6, 3, 8, tzinfo=dt.UTC)  # J-7 is past, J-3 is not
    transition(deadline, to=back, by=acting(actor, later), what="Revient")
    assert steps(deadline, ReminderState.SCHEDULED) == [3, 1, 0, -1, -7]
    assert set(steps(deadline, ReminderState.CANCELLED)) >= {15, 7}
    assert Deadline.objects.get(pk=deadline.pk).state in OPEN_STATES
