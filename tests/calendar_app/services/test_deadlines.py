"""Deadlines appear by themselves, and change state by the acts of `rules.workflow` only."""

import datetime as dt
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from accounts.enums import ANS_ROLES, Role
from calendar_app.enums import OPEN_STATES, MilestoneScope, ReminderState, State
from calendar_app.models import Deadline, Dispositif, Milestone, Reminder
from calendar_app.rules.workflow import DEADLINE, DeadlineParty
from calendar_app.services.deadlines import move, open_deadlines, open_for_milestone
from calendar_app.services.reminders import plan
from tests.by import acting
from tests.calendar_app.filing_cases import milestone_of
from tests.entries import entries
from tests.factories import (
    DeadlineFactory,
    OrganisationFactory,
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
    ("scope", "expected"),
    [(MilestoneScope.SOLUTION, "solution"), (MilestoneScope.PRESTATION, "prestation")],
)
def test_a_calendar_that_gains_a_milestone_gives_it_to_its_own_subjects(scope, expected):
    ris = PrestationFactory()
    PrestationFactory(supplier=SupplierFactory(solution=SolutionFactory(drimbox=True)))
    milestone = Milestone.objects.create(
        dispositif=Dispositif.objects.get(slug="ris"),
        number=7,
        code="ris-7",
        title="Jalon ajouté",
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
    with django_assert_max_num_queries(16):  # one of them: who is in charge
        open_deadlines(now=NOW, prestation=prestation)


ROLES: dict[Any, tuple[Role, ...]] = {
    DeadlineParty.PREPARES: (Role.SALARIE, Role.REPRESENTANT, Role.MANDATAIRE),
    DeadlineParty.FILES: (Role.REPRESENTANT, Role.MANDATAIRE),
    DeadlineParty.AGENT: (Role.AGENT, Role.RESPONSABLE),
}


def person(role, deadline):
    """In the organisation of the deadline, or at the ANS."""
    return member(
        role, None if role in ANS_ROLES else deadline.organisation, full_name="Ana Fictive"
    )


@pytest.mark.parametrize("start", State)
@pytest.mark.parametrize("name", DEADLINE.acts)
def test_an_act_starts_in_its_states_only(name, start):
    act, deadline = DEADLINE.acts[name], DeadlineFactory(state=start)
    actor = person(ROLES[act.who][-1], deadline)
    if start in act.sources:
        row = move(deadline, name, by=acting(actor, NOW), note="motif")
        assert (row.state, row.state_reason) == (act.target, "motif")
        (entry,) = entries(deadline)
        assert (entry.act, entry.what, entry.note) == (f"deadline.{name}", act.words, "motif")
        assert (entry.before, entry.after) == ({"state": start}, {"state": act.target})
        assert (entry.at, entry.signer.name, entry.signer.user_id) == (NOW, "Ana Fictive", actor.pk)
    else:
        with pytest.raises(ValidationError) as refused:
            move(deadline, name, by=acting(actor, NOW))
        (sentence,) = refused.value.messages
        assert start.label in sentence
        deadline.refresh_from_db()
        assert (deadline.state, entries(deadline)) == (start, [])


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("name", DEADLINE.acts)
def test_an_act_is_for_those_whom_the_table_names(name, role):
    act = DEADLINE.acts[name]
    deadline = DeadlineFactory(state=act.sources[0])
    outsider, is_ans = OrganisationFactory(), role in ANS_ROLES
    for actor, allowed in (
        (person(role, deadline), role in ROLES[act.who]),
        (member(role, None if is_ans else outsider), is_ans and role in ROLES[act.who]),
    ):
        deadline.state = act.sources[0]
        deadline.save()
        if allowed:
            assert move(deadline, name, by=acting(actor, NOW)).state == act.target
        else:
            with pytest.raises(PermissionDenied, match=act.who.value):
                move(deadline, name, by=acting(actor, NOW))


def test_a_refusal_says_the_states_that_may_follow():
    deadline = DeadlineFactory(state=State.FILED)
    by = acting(person(Role.MANDATAIRE, deadline), NOW)
    with pytest.raises(ValidationError, match="« Validé », « À corriger », « Refusé »"):
        move(deadline, "set_aside", by=by)
    with pytest.raises(ValidationError, match="cet acte part de l'état « Sans objet »"):
        move(deadline, "resume", by=by)


def test_a_closed_state_says_so():
    deadline = DeadlineFactory(state=State.ACCEPTED)
    with pytest.raises(ValidationError, match="Elle est close"):
        move(deadline, "file", by=acting(person(Role.MANDATAIRE, deadline), NOW))


def test_a_stale_row_in_memory_does_not_win():
    actor = member()
    deadline = live_deadline(actor)
    stale = Deadline.objects.get(pk=deadline.pk)
    move(deadline, "file", by=acting(actor, NOW))
    with pytest.raises(ValidationError, match="Déposé"):
        move(stale, "set_aside", by=acting(actor, NOW))


def steps(deadline, state):
    rows = Reminder.objects.filter(deadline=deadline, state=state)
    return sorted(rows.values_list("step", flat=True), reverse=True)


PATHS = [  # the way out, and the way back
    ("set_aside", "resume"),
    ("file", "correct"),
]


@pytest.mark.parametrize(("out", "back"), PATHS)
def test_reminders_stop_when_closed_and_come_back_when_reopened(out, back):
    actor = member(Role.MANDATAIRE)
    deadline = live_deadline(actor)
    move(deadline, "draft", by=acting(actor, NOW))
    plan(now=NOW)  # as the periodic task does
    before = steps(deadline, ReminderState.SCHEDULED)
    assert {15, 7, 3, 1, 0} <= set(before)

    move(deadline, out, by=acting(actor, NOW))
    assert steps(deadline, ReminderState.SCHEDULED) == []
    assert set(before) <= set(steps(deadline, ReminderState.CANCELLED))

    later = dt.datetime(2027, 6, 3, 8, tzinfo=dt.UTC)  # J-7 is past, J-3 is not
    other = member(Role.AGENT) if back == "correct" else actor
    move(deadline, back, by=acting(other, later))
    assert steps(deadline, ReminderState.SCHEDULED) == [3, 1, 0, -1, -7]
    assert set(steps(deadline, ReminderState.CANCELLED)) >= {15, 7}
    assert Deadline.objects.get(pk=deadline.pk).state in OPEN_STATES
