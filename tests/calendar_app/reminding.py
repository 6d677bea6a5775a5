"""What the tests of reminders share: instants on the Paris clock, and a team with a deadline."""

import datetime as dt

from accounts.enums import Role
from calendar_app.enums import ReminderState
from calendar_app.models import Deadline, Reminder
from calendar_app.services import reminders
from mailing.services import delivery
from segur.lib import paris
from tests.factories import (
    DeadlineFactory,
    OrganisationFactory,
    PrestationFactory,
    SolutionFactory,
    SupplierFactory,
    member,
)

J_7 = "2027-09-15 09:00"  # of the RIS solde, Wednesday 22/09/2027 12h


def at(text: str) -> dt.datetime:
    """«2027-09-15 09:00» on the Paris clock."""
    moment = dt.datetime.fromisoformat(text)
    return paris.at(moment.date(), moment.time())


def solde(organisation=None, **fields) -> Deadline:
    """The deadline of the RIS solde of a new prestation: 22/09/2027 at 12h."""
    solution = SolutionFactory(organisation=organisation or OrganisationFactory())
    supplier = SupplierFactory(solution=solution)
    return solde_of(PrestationFactory(supplier=supplier), **fields)


def another(deadline: Deadline) -> Deadline:
    """The solde of one more prestation of the same Fournisseur."""
    assert deadline.prestation
    return solde_of(PrestationFactory(supplier=deadline.prestation.supplier))


def solde_of(prestation, **fields) -> Deadline:
    milestone = prestation.dispositif.milestones.get(number=6)
    return DeadlineFactory(solution=None, prestation=prestation, milestone=milestone, **fields)


def team() -> tuple:
    """An organisation with a Salarié, a Représentant and a Mandataire, in this order."""
    organisation = OrganisationFactory()
    people = [
        member(role, organisation=organisation)
        for role in (Role.SALARIE, Role.REPRESENTANT, Role.MANDATAIRE)
    ]
    return (organisation, *people)


def run(now: dt.datetime) -> None:
    """What beat asks for, once: plan, dispatch, deliver."""
    reminders.plan(now=now)
    reminders.dispatch(now=now)
    delivery.deliver_waiting(now=now)


def states(deadline: Deadline) -> dict[int, str]:
    """Step → state, of a deadline that reminds one person."""
    return {
        step: ReminderState(state).name
        for step, state in Reminder.objects.filter(deadline=deadline).values_list("step", "state")
    }
