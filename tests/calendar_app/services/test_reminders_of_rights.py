"""Rights that end are reminded like deadlines: at J-60, 30, 7 and the day, on both sides."""

import datetime as dt

import pytest

from accounts.enums import Kind, Role
from calendar_app.enums import ReminderState, Right, State
from calendar_app.models import Deadline, Reminder, Supplier
from calendar_app.rules.triage import CLOSED, MOVED, NEARER
from calendar_app.selectors.reminder_pages import coming
from calendar_app.services import reminders
from calendar_app.services.reminders import plan, preview
from mailing.models import OutgoingMail
from tests.calendar_app.reminding import at, run, solde, solde_of
from tests.factories import (
    OrganisationFactory,
    PrestationFactory,
    SolutionFactory,
    SupplierFactory,
    member,
)
from tests.pages import as_read

pytestmark = pytest.mark.usefixtures("calendars")

END = dt.date(2027, 4, 30)
"""A Friday: J-60 is Monday 01/03, J-30 Wednesday 31/03, J-7 Friday 23/04."""


@pytest.fixture
def sides(time_machine):
    """An éditeur and a distributeur, one person each, and the mandate that ends."""
    time_machine.move_to(at("2027-01-04 09:00"), tick=False)
    editeur = OrganisationFactory(name="Luciole")
    seller = OrganisationFactory(kind=Kind.DISTRIBUTEUR, name="Balise")
    solution = SolutionFactory(organisation=editeur, name="RIS Luciole")
    supplier = SupplierFactory(
        solution=solution,
        organisation=seller,
        mandate_until=END,
        created_at=at("2026-01-05 09:00"),
    )
    solde_of(PrestationFactory(supplier=supplier))
    people = member(Role.MANDATAIRE, editeur), member(Role.MANDATAIRE, seller)
    return supplier, *people


def of_rights(**filters):
    return Reminder.objects.filter(deadline=None, **filters)


def steps(person):
    rows = of_rights(recipient=person).order_by("-step")
    return list(rows.values_list("step", flat=True))


def mails_to(person):
    return list(OutgoingMail.objects.filter(user=person).order_by("pk"))


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ("2027-01-29 08:59", []),
        ("2027-01-29 09:00", [60]),
        ("2027-03-01 10:00", [30]),
        ("2027-03-30 10:00", [30, 7, 0]),
        ("2027-04-30 10:00", [7]),
    ],
)
def test_steps_planned(sides, now, expected):
    _, *people = sides
    plan(now=at(now))
    for person in people:
        known = [step for step in steps(person) if _leaves(person, step) > at(now)]
        assert known == [step for step in expected if _leaves(person, step) > at(now)]
        assert set(expected) <= set(steps(person))


def _leaves(person, step):
    return of_rights(recipient=person, step=step).values_list("due_at", flat=True)[0]


@pytest.mark.parametrize(
    ("end", "step", "leaves"),
    [
        (END, 60, "2027-03-01 09:00"),
        (END, 0, "2027-04-30 09:00"),
        (dt.date(2027, 5, 2), 0, "2027-04-30 09:00"),  # a Sunday: the Friday before
        (dt.date(2027, 5, 1), 0, "2027-04-30 09:00"),  # a holiday
        (dt.date(2027, 5, 2), 7, "2027-04-23 09:00"),  # J-7 is a Sunday
    ],
)
def test_a_step_leaves_at_nine_on_a_working_day(sides, end, step, leaves):
    supplier, editeur, _ = sides
    Supplier.objects.filter(pk=supplier.pk).update(mandate_until=end)
    plan(now=at(leaves) - dt.timedelta(days=2))
    assert _leaves(editeur, step) == at(leaves)


def test_both_sides_get_one_mail_that_names_who_must_act(sides):
    _, *people = sides
    run(at("2027-03-31 09:00"))
    for person in people:
        (mail,) = mails_to(person)
        assert mail.subject == "Rappel · J-30 : fin du mandat de Balise RIS, vendredi 30/04/2027"
        read = as_read(mail.body_text)
        assert "Qui doit agir : Luciole (éditeur)" in read
        assert "1 demande de paiement en dépend" in read
        assert "renouvelez ce droit au plus tard le vendredi 30 avril 2027" in read


def test_a_right_and_a_deadline_of_one_day_are_one_mail(sides):
    supplier, _, seller = sides
    milestone_day = dt.date(2027, 9, 22)
    Supplier.objects.filter(pk=supplier.pk).update(mandate_until=milestone_day)
    run(at("2027-09-15 09:00"))
    (mail,) = mails_to(seller)
    assert "2 échéances" in mail.subject
    assert "Fin du mandat" in mail.body_text
    assert "Dépôt des demandes de paiement du solde" in mail.body_text


def test_what_an_outage_held_back_is_caught_up_once(sides):
    _, editeur, _ = sides
    plan(now=at("2027-03-30 10:00"))
    run(at("2027-04-26 10:00"))  # J-30 and J-7 are past
    assert len(mails_to(editeur)) == 1
    states = dict(of_rights(recipient=editeur).values_list("step", "state"))
    assert (states[7], states[30]) == (ReminderState.SENT, ReminderState.SUPERSEDED)
    assert of_rights(recipient=editeur, step=30).get().state_reason == NEARER


def test_a_renewal_supersedes_what_was_planned(sides):
    supplier, editeur, _ = sides
    plan(now=at("2027-03-30 10:00"))
    Supplier.objects.filter(pk=supplier.pk).update(mandate_until=dt.date(2028, 4, 30))
    plan(now=at("2027-03-30 10:10"))
    old = of_rights(recipient=editeur, subject_version=END.toordinal())
    assert {(row.state, row.state_reason) for row in old} == {(ReminderState.SUPERSEDED, MOVED)}
    run(at("2027-03-31 09:00"))
    assert mails_to(editeur) == []


def test_a_renewal_between_the_claim_and_the_sending_sends_nothing(sides):
    supplier, editeur, _ = sides
    now = at("2027-03-31 09:00")
    plan(now=now)
    assert reminders.dispatch(now=now) == 2
    Supplier.objects.filter(pk=supplier.pk).update(mandate_until=dt.date(2028, 4, 30))
    (mail,) = mails_to(editeur)
    assert reminders.freshen(mail, now).verdict.name == "CANCELLED"


@pytest.mark.parametrize("end", [None, dt.date(2027, 4, 30)])
def test_a_right_without_term_is_not_reminded(sides, end):
    supplier, editeur, _ = sides
    Supplier.objects.filter(pk=supplier.pk).update(mandate_until=end)
    plan(now=at("2027-03-30 10:00"))
    assert bool(steps(editeur)) is (end is not None)


def test_when_no_payment_rests_on_it_any_more_it_is_cancelled_and_comes_back(sides):
    _, editeur, _ = sides
    plan(now=at("2027-03-30 10:00"))
    Deadline.objects.update(state=State.FILED)
    plan(now=at("2027-03-30 10:10"))
    rows = of_rights(recipient=editeur)
    assert {(row.state, row.state_reason) for row in rows} == {(ReminderState.CANCELLED, CLOSED)}
    Deadline.objects.update(state=State.TO_DO)
    plan(now=at("2027-03-30 10:20"))
    ahead = of_rights(recipient=editeur, due_at__gt=at("2027-03-30 10:20"))
    assert {row.step: row.state for row in ahead} == dict.fromkeys(
        (30, 7, 0), ReminderState.SCHEDULED
    )


def test_who_has_refused_the_step_is_not_reminded(sides):
    _, editeur, seller = sides
    reminders.preference_save(
        actor=editeur,
        dispositif=None,
        steps=[7],
        early=False,
        muted_kinds=[],
        paused_until=None,
    )
    run(at("2027-03-31 09:00"))
    assert mails_to(editeur) == []
    assert len(mails_to(seller)) == 1


def test_who_has_left_is_not_reminded(sides):
    _, editeur, _ = sides
    plan(now=at("2027-03-30 10:00"))
    editeur.memberships.all().delete()
    run(at("2027-03-31 09:00"))
    assert mails_to(editeur) == []


def test_it_is_forecast(sides):
    _, editeur, _ = sides
    run(at("2027-03-31 09:00"))
    now = at("2027-04-01 10:00")
    plan(now=now)
    found = [(line.step, line.reminder) for line in coming(editeur, now=now)]
    right = ("Fin du mandat", "Balise pour RIS Luciole")
    assert [(step, row.title, str(row.about)) for step, row in found] == [
        ("J-7", *right),
        ("Jour J", *right),
    ]
    leaving = preview(at=at("2027-04-23 09:00"), now=now)
    (row,) = [row for row in leaving if row.recipient == editeur]
    assert row.title == "Fin du mandat"


def test_the_longest_of_two_habilitations_counts(sides):
    supplier, editeur, _ = sides
    Supplier.objects.filter(pk=supplier.pk).update(
        mandate_until=None, psc_until=END, psc_by_mandate=True
    )
    SupplierFactory(solution=supplier.solution, psc_until=dt.date(2027, 8, 30))
    plan(now=at("2027-03-30 10:00"))
    assert steps(editeur) == []
    Supplier.objects.filter(organisation=editeur.memberships.get().organisation).delete()
    plan(now=at("2027-03-30 10:10"))
    assert of_rights(right=Right.PSC, recipient=editeur).exists()


def test_an_outsider_gets_nothing(sides):
    stranger = member(Role.MANDATAIRE)
    solde(stranger.memberships.get().organisation)
    plan(now=at("2027-03-30 10:00"))
    assert steps(stranger) == []


def test_a_hundred_fournisseurs_cost_no_more_queries(sides, django_assert_max_num_queries):
    supplier, *_ = sides

    def cost():
        Reminder.objects.all().delete()
        with django_assert_max_num_queries(40) as captured:
            plan(now=at("2027-03-30 10:00"))
        return len(captured)

    few = cost()
    for _ in range(8):
        seller = OrganisationFactory(kind=Kind.DISTRIBUTEUR)
        member(Role.MANDATAIRE, seller)
        other = SupplierFactory(solution=supplier.solution, organisation=seller, mandate_until=END)
        solde_of(PrestationFactory(supplier=other))
    assert cost() == few
