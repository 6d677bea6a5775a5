"""Between two complete runs the planning follows the journal: what changed, and nothing else."""

import datetime as dt

import pytest

from accounts.enums import Role
from accounts.models import Membership
from accounts.services.memberships import membership_change_role
from accounts.services.users import account_close, account_open
from calendar_app.models import Deadline, PlanningRun, Reminder
from calendar_app.services.deadlines import move
from calendar_app.services.reminders import plan, plan_changes, preference_save
from journal.services import chain
from teamwork.services.absences import declare_absence
from teamwork.services.charges import hand_over
from tests.by import acting
from tests.calendar_app.reminding import another, at, solde, team
from tests.factories import OrganisationFactory, member

pytestmark = pytest.mark.usefixtures("calendars")

NOW = at("2027-09-01 10:00")
LATER = NOW + dt.timedelta(minutes=10)
NEXT_DAY = at("2027-09-02 00:10")


@pytest.fixture
def people(time_machine):
    time_machine.move_to(NOW, tick=False)
    organisation, *people = team()
    solde(organisation)
    solde(team()[0])
    plan_changes(now=NOW)
    return people


def follow(now=LATER):
    chain.append_all(now=now)
    return plan_changes(now=now)


def changes_role(salarie, representant, mandataire):
    one = Membership.objects.get(user=representant)
    membership_change_role(membership=one, role=Role.SALARIE, by=acting(mandataire, NOW))


def is_away(salarie, representant, mandataire):
    until = dt.date(2027, 9, 30)
    declare_absence(until=until, stand_in=mandataire, by=acting(salarie, NOW))


def is_put_in_charge(salarie, representant, mandataire):
    own = list(Deadline.objects.filter(organisation__memberships__user=representant))
    hand_over(own, representant, acting(mandataire, NOW))


def asks_for_early_steps(salarie, representant, mandataire):
    preference_save(
        actor=mandataire,
        dispositif=None,
        steps=[30, 15, 7],
        early=True,
        muted_kinds=[],
        paused_until=None,
    )


@pytest.mark.parametrize("change", [changes_role, is_away, is_put_in_charge, asks_for_early_steps])
def test_what_changes_for_the_people_is_planned_at_the_next_run(people, change):
    assert follow() == 0
    change(*people)

    assert follow(LATER) > 0

    assert plan(now=LATER) == 0
    reminded = Reminder.objects.filter(created_at=LATER)
    assert set(reminded.values_list("recipient", flat=True)) <= {one.pk for one in people}


def test_an_account_opened_again_is_planned_at_the_next_run(people):
    salarie, *_ = people
    responsable = member(Role.RESPONSABLE)
    account_close(user=salarie, reason="Essai", by=acting(responsable, NOW))
    Reminder.objects.filter(recipient=salarie).delete()
    assert follow() > 0  # the Représentants have the early steps now
    account_open(user=salarie, reason="Essai", by=acting(responsable, LATER))

    assert follow(LATER + dt.timedelta(minutes=10)) > 0
    assert Reminder.objects.filter(recipient=salarie).exists()


def test_nothing_changed_costs_as_much_for_many_deadlines_as_for_few(
    people, django_assert_num_queries, django_assert_max_num_queries
):
    follow()
    with django_assert_max_num_queries(6) as few:
        assert plan_changes(now=LATER) == 0
    first = Deadline.objects.all()[0]
    for _ in range(20):
        another(first)

    with django_assert_num_queries(len(few)):
        assert plan_changes(now=LATER) == 0


def test_what_no_entry_speaks_of_is_planned_on_the_next_day(people):
    newcomer = member(Role.SALARIE, organisation=Deadline.objects.all()[0].organisation)
    assert follow() == 0

    assert follow(NEXT_DAY) > 0
    assert Reminder.objects.filter(recipient=newcomer).exists()


@pytest.mark.parametrize(
    ("now", "is_complete"),
    [("2027-09-01 23:59", False), ("2027-09-02 00:00", True)],
)
def test_everything_is_planned_at_the_first_run_of_a_paris_day(people, now, is_complete):
    plan_changes(now=at(now))

    assert (PlanningRun.objects.get().complete_at == at(now)) is is_complete


def test_closing_and_opening_again_leaves_what_a_complete_run_leaves(people):
    _, representant, _ = people
    own = Deadline.objects.get(organisation__memberships__user=representant)
    move(own, "file", by=acting(representant, NOW))
    move(own, "correct", by=acting(member(Role.AGENT), LATER))
    follow(LATER)
    before = list(Reminder.objects.order_by("pk").values())

    assert plan(now=LATER) == 0
    assert list(Reminder.objects.order_by("pk").values()) == before


def test_a_journal_that_was_emptied_makes_the_next_run_complete(people):
    PlanningRun.objects.update(link=10**9)
    newcomer = member(Role.SALARIE, organisation=Deadline.objects.all()[0].organisation)

    assert plan_changes(now=LATER) > 0
    assert Reminder.objects.filter(recipient=newcomer).exists()


def test_an_organisation_without_deadlines_is_left_alone(people):
    outsider = member(Role.MANDATAIRE, organisation=OrganisationFactory())
    one = member(Role.REPRESENTANT, organisation=Membership.objects.get(user=outsider).organisation)
    membership_change_role(
        membership=Membership.objects.get(user=one), role=Role.SALARIE, by=acting(outsider, NOW)
    )

    assert follow() == 0
