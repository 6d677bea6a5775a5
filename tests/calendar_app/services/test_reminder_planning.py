import datetime as dt

import pytest
from django.utils import timezone

from accounts.enums import Role
from accounts.models import Membership
from calendar_app.enums import ReminderState, State
from calendar_app.models import Deadline, MilestoneVersion, Reminder
from calendar_app.rules.triage import MOVED
from calendar_app.services.deadlines import move
from calendar_app.services.reminders import cancel_for, plan, preference_save
from tests.by import acting
from tests.calendar_app.reminding import another, at, solde, solde_of, team
from tests.factories import (
    OrganisationFactory,
    PrestationFactory,
    SolutionFactory,
    SupplierFactory,
    member,
)

pytestmark = pytest.mark.usefixtures("calendars")


def planned(person, deadline=None):
    rows = Reminder.objects.filter(recipient=person)
    if deadline:
        rows = rows.filter(deadline=deadline)
    return sorted(rows.values_list("step", flat=True), reverse=True)


def test_rows_are_made_for_the_next_31_days_and_no_further():
    organisation = OrganisationFactory()
    mandataire = member(organisation=organisation)
    solde(organisation)

    assert plan(now=at("2027-05-24 08:59")) == 0
    plan(now=at("2027-05-24 09:00"))  # J-90 is on 24/06, in 31 days
    assert planned(mandataire) == [90]

    plan(now=at("2027-08-31 10:00"))
    assert planned(mandataire) == [90, 30, 15, 7, 3, 1, 0, -1, -7]


def test_planning_again_changes_nothing():
    organisation, *_ = team()
    solde(organisation)
    now = at("2027-09-10 10:00")

    assert plan(now=now) > 0
    before = list(Reminder.objects.order_by("pk").values())

    assert plan(now=now) == 0
    assert list(Reminder.objects.order_by("pk").values()) == before


def test_roles_are_added_as_the_deadline_comes_near():
    organisation, salarie, representant, mandataire = team()
    solde(organisation)

    plan(now=at("2027-09-01 10:00"))

    assert planned(salarie) == [30, 15, 7, 3, 1, 0, -1, -7]
    assert planned(representant) == [7, 3, 1, 0, -1, -7]
    assert planned(mandataire) == [3, 1, 0, -1, -7]


def test_without_salarie_the_representants_have_every_step():
    organisation = OrganisationFactory()
    representant = member(Role.REPRESENTANT, organisation=organisation)
    mandataire = member(Role.MANDATAIRE, organisation=organisation)
    solde(organisation)

    plan(now=at("2027-09-01 10:00"))

    assert 15 in planned(representant)
    assert 15 not in planned(mandataire)


def ask_early(person, when):
    with_early = preference_save(
        actor=person,
        dispositif=None,
        steps=[30, 15, 7],
        early=True,
        muted_kinds=[],
        paused_until=None,
    )
    type(with_early).objects.filter(pk=with_early.pk).update(updated_at=when)


def test_asking_for_early_steps_gives_all_roles_all_steps_from_then_on():
    organisation, _, _, mandataire = team()
    solde(organisation)
    ask_early(mandataire, at("2027-09-01 10:00"))

    plan(now=at("2027-09-01 11:00"))

    assert planned(mandataire) == [15, 7, 3, 1, 0, -1, -7]


def test_newcomer_does_not_get_the_steps_that_were_before():
    organisation, salarie, *_ = team()
    Membership.objects.filter(user=salarie).update(created_at=at("2027-09-10 10:00"))
    solde(organisation)

    plan(now=at("2027-09-10 11:00"))

    assert planned(salarie) == [7, 3, 1, 0, -1, -7]


def test_deadline_that_has_just_appeared_does_not_remind_of_its_past():
    organisation = OrganisationFactory()
    person = member(organisation=organisation)
    solde(organisation, created_at=at("2027-09-16 10:00"))

    plan(now=at("2027-09-16 10:00"))

    assert planned(person) == [3, 1, 0, -1, -7]


@pytest.mark.parametrize(("appeared", "is_reminded"), [("08:59", True), ("09:00", False)])
def test_deadline_that_appears_at_the_instant_of_a_step_does_not_remind_of_it(
    appeared, is_reminded
):
    organisation = OrganisationFactory()
    person = member(organisation=organisation)
    solde(organisation, created_at=at(f"2027-09-15 {appeared}"))

    plan(now=at("2027-09-15 10:00"))

    assert (7 in planned(person)) is is_reminded


def test_step_missed_while_all_was_down_is_caught_up_for_30_days():
    organisation = OrganisationFactory()
    person = member(organisation=organisation)
    solde(organisation)

    plan(now=at("2027-09-21 08:00"))

    assert planned(person) == [30, 15, 7, 3, 1, 0, -1, -7]


@pytest.mark.parametrize(
    "state", [State.FILED, State.ACCEPTED, State.REFUSED, State.NOT_APPLICABLE]
)
def test_nothing_is_planned_for_a_deadline_that_is_not_to_do(state):
    organisation = OrganisationFactory()
    member(organisation=organisation)
    solde(organisation, state=state)

    assert plan(now=at("2027-09-10 10:00")) == 0


def test_people_and_organisations_that_are_not_active_are_not_reminded():
    organisation = OrganisationFactory()
    member(organisation=organisation, is_active=False)
    solde(organisation)
    gone = OrganisationFactory(is_active=False)
    member(organisation=gone)
    solde(gone)

    assert plan(now=at("2027-09-10 10:00")) == 0


def test_editeur_is_not_reminded_of_what_its_distributeur_must_do():
    editeur = OrganisationFactory()
    member(organisation=editeur)
    distributeur = OrganisationFactory(kind="DISTRIBUTEUR")
    person = member(organisation=distributeur)
    solution = SolutionFactory(organisation=editeur)
    supplier = SupplierFactory(solution=solution, organisation=distributeur)
    deadline = solde_of(PrestationFactory(supplier=supplier))

    plan(now=at("2027-09-10 10:00"))

    assert set(deadline.reminders.values_list("recipient", flat=True)) == {person.pk}


def amend(deadline, due_at, now):
    """What an amendment does to a milestone and its deadlines."""
    milestone = deadline.milestone
    milestone.due_at, milestone.version = due_at, milestone.version + 1
    milestone.save()
    MilestoneVersion.objects.create(
        milestone=milestone,
        number=milestone.version,
        due_at=due_at,
        source="décret fictif",
        author_name="Essai",
        created_at=now,
    )
    Deadline.objects.filter(pk=deadline.pk).update(due_at=due_at, version=milestone.version)


def test_moved_date_supersedes_the_old_reminders_and_plans_new_ones():
    organisation = OrganisationFactory()
    person = member(organisation=organisation)
    deadline = solde(organisation)
    now = at("2027-09-10 10:00")
    plan(now=now)
    amend(deadline, at("2027-10-06 12:00"), now)

    plan(now=now, deadlines=Deadline.objects.filter(pk=deadline.pk))

    old = Reminder.objects.filter(subject_version=1)
    assert set(old.values_list("state", "state_reason")) == {(ReminderState.SUPERSEDED, MOVED)}
    new = Reminder.objects.filter(subject_version=2, recipient=person)
    assert sorted(new.values_list("step", flat=True)) == [-1, 0, 1, 3, 7, 15]
    assert new.get(step=7).due_at == at("2027-09-29 09:00")


def test_date_moved_nearer_does_not_catch_up_steps_that_never_were():
    organisation = OrganisationFactory()
    person = member(organisation=organisation)
    deadline = solde(organisation)
    now = at("2027-09-01 10:00")
    amend(deadline, at("2027-09-08 12:00"), now)

    plan(now=now)

    assert planned(person) == [3, 1, 0, -1, -7]  # J-7 was the same morning, an hour before


def test_filed_deadline_has_its_reminders_cancelled_with_the_reason():
    organisation = OrganisationFactory()
    person = member(organisation=organisation)
    deadline = solde(organisation)
    now = at("2027-09-10 10:00")
    plan(now=now)

    move(deadline, "file", by=acting(person, now))

    rows = set(Reminder.objects.values_list("state", "state_reason"))
    assert rows == {(ReminderState.CANCELLED, "échéance à l'état « Déposé »")}


def test_deadline_to_correct_is_reminded_again_of_what_is_still_to_come():
    organisation = OrganisationFactory()
    person = member(organisation=organisation)
    deadline = solde(organisation)
    plan(now=at("2027-09-01 10:00"))
    move(deadline, "file", by=acting(person, at("2027-09-02 10:00")))

    move(deadline, "correct", by=acting(member(Role.AGENT), at("2027-09-16 10:00")))

    scheduled = Reminder.objects.filter(state=ReminderState.SCHEDULED)
    assert sorted(scheduled.values_list("step", flat=True)) == [-7, -1, 0, 1, 3]
    assert Reminder.objects.get(step=7).state == ReminderState.CANCELLED


def test_reopened_deadline_that_was_never_planned_does_not_catch_up_its_closed_time():
    organisation = OrganisationFactory()
    person = member(organisation=organisation)
    solde(organisation)
    Deadline.objects.update(state=State.TO_CORRECT, reopened_at=at("2027-09-16 10:00"))

    plan(now=at("2027-09-16 10:00"))

    assert planned(person) == [3, 1, 0, -1, -7]


def test_cancel_for_leaves_what_was_sent():
    organisation = OrganisationFactory()
    member(organisation=organisation)
    deadline = solde(organisation)
    plan(now=at("2027-09-10 10:00"))
    Reminder.objects.filter(step=15).update(state=ReminderState.SENT)

    cancel_for(deadline, reason="sans objet")

    assert Reminder.objects.get(step=15).state == ReminderState.SENT
    assert Reminder.objects.get(step=7).state_reason == "sans objet"


def test_planning_takes_as_many_queries_for_many_deadlines_as_for_one(
    django_assert_max_num_queries, django_assert_num_queries
):
    organisation, *_ = team()
    first = solde(organisation)
    now = at("2027-09-17 10:00")
    with django_assert_max_num_queries(20) as few:
        plan(now=now)
    Reminder.objects.all().delete()
    for _ in range(3):
        another(first)

    with django_assert_num_queries(len(few)):
        plan(now=now)


def test_planning_far_from_any_deadline_makes_nothing():
    organisation = OrganisationFactory()
    member(organisation=organisation)
    solde(organisation)

    assert plan(now=timezone.now() + dt.timedelta(days=20 * 365)) == 0
