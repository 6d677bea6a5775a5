"""A team of one organisation, and what it has to do: a deadline, a PV, a ticket."""

import datetime as dt

from accounts.enums import Role
from calendar_app.services.deadlines import open_deadlines
from pilots.enums import PVState
from tests.factories import (
    OrganisationFactory,
    PilotFactory,
    PilotPVFactory,
    PrestationFactory,
    ServiceFactory,
    SolutionFactory,
    SupplierFactory,
    member,
)
from tests.perf.services.ticket_cases import declare

NOW = dt.datetime(2027, 5, 18, 8, tzinfo=dt.UTC)
TODAY = dt.date(2027, 5, 18)
DAY = dt.timedelta(days=1)


def team(count=3):
    """An organisation and so many Représentants."""
    organisation = OrganisationFactory()
    people = [member(Role.REPRESENTANT, organisation) for _ in range(count)]
    return organisation, people


def deadlines(organisation, count=1):
    """The realisations of so many RIS prestations."""
    supplier = SupplierFactory(solution=SolutionFactory(organisation=organisation))
    made = []
    for _ in range(count):
        rows = open_deadlines(prestation=PrestationFactory(supplier=supplier), now=NOW - DAY)
        made += [row for row in rows if row.milestone.number == 5]
    return made


def ticket(organisation, actor):
    supplier = SupplierFactory(solution=SolutionFactory(drimbox=True, organisation=organisation))
    service = ServiceFactory(prestation=PrestationFactory(supplier=supplier))
    return declare(service, actor, NOW - dt.timedelta(minutes=5), now=NOW)


def pv(organisation):
    supplier = SupplierFactory(solution=SolutionFactory(organisation=organisation))
    pilot = PilotFactory(prestation=PrestationFactory(supplier=supplier))
    return PilotPVFactory(pilot=pilot, state=PVState.NOT_CONFORM)
