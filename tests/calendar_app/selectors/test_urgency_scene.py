"""One scene in which each kind of urgency exists, and the order that each role reads."""

import datetime as dt

import pytest

from accounts.enums import Kind, Role
from accounts.models import Invitation
from calendar_app.enums import State
from calendar_app.models import Deadline
from calendar_app.selectors.urgency import urgent_lines
from calendar_app.services.deadlines import open_deadlines
from calendar_app.services.drafts import save_draft
from perf.enums import CorrectionAct, Standing
from perf.models import Correction, Outage
from pilots.enums import AspRequestState, PublicationState, PVState, Stage
from pilots.prefiguration.services import contact_requests
from pilots.pv.models import Publication
from tests.by import acting
from tests.factories import (
    AspRequestFactory,
    OrganisationFactory,
    PilotFactory,
    PilotPVFactory,
    PrefigurateurFactory,
    PrestationFactory,
    ServiceFactory,
    SolutionFactory,
    SupplierFactory,
    member,
)
from tests.perf.outages.cases import said
from tests.perf.services.ticket_cases import declare
from tests.pilots.vas import recorded

pytestmark = pytest.mark.usefixtures("calendars", "checklists")

NOW = dt.datetime(2027, 5, 18, 8, tzinfo=dt.UTC)
"""Tuesday 18/05/2027 at 10h in Paris: 22 days before the realisation of the RIS prestations."""
MINUTE, HOUR, DAY = dt.timedelta(minutes=1), dt.timedelta(hours=1), dt.timedelta(days=1)
OPENED = NOW - 100 * DAY


def client_named(name):
    return OrganisationFactory(client=True, name=name)


@pytest.fixture
def scene(time_machine):
    """An éditeur of both dispositifs, which also installs, and a distributeur whose mandate ends;
    an agent and a responsable."""
    time_machine.move_to(NOW, tick=False)
    editeur = OrganisationFactory(name="Luciole")
    seller = OrganisationFactory(kind=Kind.DISTRIBUTEUR, name="Balise")
    people = {
        "editeur": member(Role.MANDATAIRE, editeur),
        "distributeur": member(Role.MANDATAIRE, seller),
        "agent": member(Role.AGENT),
        "responsable": member(Role.RESPONSABLE),
    }
    ris = SolutionFactory(organisation=editeur, name="RIS Luciole")
    box = SolutionFactory(drimbox=True, organisation=editeur, name="Boîte Luciole")
    _of_the_distributeur(ris, seller, people["distributeur"])
    _drimbox(box, people["editeur"])
    _invitation(editeur)
    _publication(ris, editeur)
    _prefigurateurs(box, people["agent"])
    return people


def _of_the_distributeur(solution, seller, person):
    """RIS: a mandate that ended, an habilitation that ends, pilots at each point, deadlines."""
    supplier = SupplierFactory(
        solution=solution,
        organisation=seller,
        mandate_until=dt.date(2027, 5, 1),
        psc_until=dt.date(2027, 7, 1),
    )
    first, second, third = (
        PrestationFactory(supplier=supplier, client=client_named(name))
        for name in ("Angers", "Brest", "Caen")
    )
    for prestation in (first, second, third):
        open_deadlines(now=OPENED, prestation=prestation)
        Deadline.objects.filter(prestation=prestation, milestone__number=4).update(
            state=State.FILED, changed_at=NOW - 5 * DAY
        )
    realisations = Deadline.objects.filter(milestone__number=5)
    sent_back = realisations.get(prestation=second)
    Deadline.objects.filter(pk=sent_back.pk).update(
        state=State.TO_CORRECT, state_reason="Il manque la page 2.", changed_at=NOW - 3 * DAY
    )
    save_draft(deadline=realisations.get(prestation=third), by=acting(person, NOW - 2 * DAY))
    AspRequestFactory(prestation=first, state=AspRequestState.INCOMPLETE, on=dt.date(2027, 5, 10))
    agent = member(Role.AGENT)
    states = (PVState.NOT_CONFORM, PVState.SENT, PVState.IN_REVIEW)
    for prestation, state in zip((first, second, third), states, strict=True):
        PilotPVFactory(
            pilot=PilotFactory(prestation=prestation),
            state=state,
            assigned_to=agent if state == PVState.IN_REVIEW else None,
            sent_at=NOW - 8 * DAY,
            decided_at=NOW - 4 * DAY if state == PVState.NOT_CONFORM else None,
        )


def _drimbox(solution, person):
    """DRIMbox: a service down for 9 h, a contested outage, a correction, a ticket, a VA."""
    supplier = SupplierFactory(solution=solution)
    down = PrestationFactory(supplier=supplier, client=client_named("Dijon"))
    service = ServiceFactory(prestation=down, created_at=OPENED)
    said(service, reference="INC-1", start=NOW - 10 * DAY, hours=9, now=NOW - 9 * DAY)
    said(service, reference="INC-2", start=NOW - HOUR / 2, hours=None, now=NOW - HOUR / 2)
    old = said(service, reference="INC-3", start=NOW - 60 * DAY, hours=1, now=NOW - 59 * DAY)
    outage = old.version.outage
    Outage.objects.filter(pk=outage.pk).update(
        standing=Standing.CONTESTED, contested_at=NOW - 6 * DAY
    )
    Correction.objects.create(
        service=service,
        outage=outage,
        act=CorrectionAct.choices[0][0],
        target=f"outage {outage.pk}",
        what="Fin à 9h30",
        period="mai 2027",
        counted_before=1,
        counted_after=0,
        perf_before="1",
        perf_after="1",
        proposed_at=NOW - 7 * DAY,
        proposed_by_name="Personne Fictive",
    )
    declare(service, person, NOW - 10 * MINUTE, now=NOW, reference="T-1")
    recorded(down, person, now="2026-11-22")


def _invitation(editeur):
    Invitation.objects.create(
        organisation=editeur,
        email="nouvelle@luciole.example",
        role=Role.SALARIE,
        token_sha256="0" * 64,
        sent_at=NOW - DAY,
        expires_at=NOW + 6 * DAY,
    )


def _publication(solution, editeur):
    """One that nothing justifies any more, and one that waits for a decision."""
    fields = {"solution_name": solution.name, "editeur_name": editeur.name}
    Publication.objects.create(
        solution=solution,
        organisation=editeur,
        state=PublicationState.PUBLISHED,
        proposed_at=NOW - 40 * DAY,
        published_at=NOW - 30 * DAY,
        **fields,
    )
    Publication.objects.create(
        solution=SolutionFactory(name="RIS voisin"),
        state=PublicationState.PROPOSED,
        proposed_at=NOW - 2 * DAY,
        solution_name="RIS voisin",
        editeur_name="Voisin",
    )


def _prefigurateurs(solution, agent):
    asked = PrefigurateurFactory(name="Clinique des Embruns", solution=solution)
    contact_requests.ask([asked], due_on=dt.date(2027, 5, 28), by=acting(agent, NOW - DAY))
    PrefigurateurFactory(stage=Stage.AGREED, agreed_at=NOW - 20 * DAY)
    PrefigurateurFactory(stage=Stage.CONTACT, interview_at=NOW - 11 * DAY)
    PrefigurateurFactory(
        stage=Stage.INTERVIEW,
        solution=solution,
        name="GHT du Littoral",
        interview_at=NOW - 12 * DAY,
        explained_expectations=True,
        explained_calendar=True,
        is_understood=True,
    )


def read(person):
    """State and title of each line, as the page shows them."""
    return [(line.label, line.urgent.what) for line in urgent_lines(person, now=NOW)]


def test_the_editeur(scene):
    assert read(scene["editeur"]) == []


def test_the_distributeur(scene):
    assert read(scene["distributeur"]) == []


def test_the_agent(scene):
    assert read(scene["agent"]) == []


def test_the_responsable(scene):
    assert read(scene["responsable"]) == []
