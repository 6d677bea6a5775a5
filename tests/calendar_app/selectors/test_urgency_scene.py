"""One scene in which each kind of urgency exists, and the order that each role reads."""

import datetime as dt

import pytest

from accounts.enums import Kind, Role
from accounts.models import Invitation, User
from calendar_app.enums import State
from calendar_app.models import Deadline, Supplier
from calendar_app.selectors.urgency import urgent_lines
from calendar_app.services.deadlines import open_deadlines
from calendar_app.services.drafts import save_draft
from perf.enums import CorrectionAct, OutageStanding
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
from tests.perf.outages.cases import declared
from tests.perf.services.ticket_cases import declare
from tests.pilots.vas import recorded

pytestmark = pytest.mark.usefixtures("calendars", "checklists")

NOW = dt.datetime(2027, 5, 18, 8, tzinfo=dt.UTC)
"""Tuesday 18/05/2027 at 10h in Paris: 22 days before the realisation of the RIS prestations."""
MINUTE, HOUR, DAY = dt.timedelta(minutes=1), dt.timedelta(hours=1), dt.timedelta(days=1)
OPENED = NOW - 100 * DAY
PERF_QUERIES = 6
"""Asked only where a service is down or a ticket runs."""


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
    """DRIMbox: a service that fails soon, a contested outage, a correction, a ticket, a VA."""
    supplier = SupplierFactory(solution=solution)
    down = PrestationFactory(supplier=supplier, client=client_named("Dijon"))
    service = ServiceFactory(prestation=down, created_at=OPENED)
    declared(service, reference="INC-1", start=NOW - 5 * DAY, hours=8, now=NOW - 4 * DAY)
    declared(service, reference="INC-2", start=NOW - HOUR / 2, hours=None, now=NOW - HOUR / 2)
    old = declared(service, reference="INC-3", start=NOW - 60 * DAY, hours=1, now=NOW - 59 * DAY)
    outage = old.version.outage
    Outage.objects.filter(pk=outage.pk).update(
        standing=OutageStanding.CONTESTED, contested_at=NOW - 6 * DAY
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


RIGHT_ENDED = ("Bloque", "Le mandat donné par Luciole a expiré le 01/05/2027")
RIGHT_ENDS = ("À venir", "L'habilitation EDC PSC expire le 01/07/2027")
OF_THE_ANS = [
    ("En attente", "Publication à retirer, RIS Luciole"),
    ("En attente", "1 préfigurateur à publier"),
    ("En attente", "1 compte-rendu d'entretien à enregistrer"),
    ("En attente", "1 PV à prendre"),
    ("En attente", "1 correction à la baisse à décider"),
    ("En attente", "1 indisponibilité contestée à décider"),
    ("En attente", "3 dépôts à confirmer"),
]


def test_the_editeur(scene):
    assert read(scene["editeur"]) == [
        ("Sous 24 h", "GTI du ticket T-1, Dijon"),
        ("Sous 24 h", "PERF passe à 0,5, Dijon"),
        ("Sous 24 h", "GTR du ticket T-1, Dijon"),
        RIGHT_ENDED,
        ("En attente", "1 VA en attente du RIS du Client"),
        ("En attente", "Accord à donner pour un préfigurateur, GHT du Littoral"),
        ("En attente", "1 correction demandée"),
        ("En attente", "1 indisponibilité contestée"),
        ("À venir", "1 invitation sans réponse"),
        ("À venir", "Contact technique : Clinique des Embruns (DRIMbox)"),
        RIGHT_ENDS,
    ]


def test_the_distributeur(scene):
    realisation = "Réalisation des Prestations Ségur de mise à jour RIS Vague 2"
    assert read(scene["distributeur"]) == [
        RIGHT_ENDED,
        ("En attente", "Demande de financement incomplète, Angers"),
        ("En attente", "PV non conforme à corriger, Angers"),
        ("En attente", "1 brouillon non déposé"),
        ("À venir", f"Dépôt à corriger : {realisation}, Brest · RIS Luciole"),
        ("À venir", f"{realisation} (RIS, 3 prestations)"),
        RIGHT_ENDS,
    ]


def test_the_agent(scene):
    assert read(scene["agent"]) == OF_THE_ANS


def test_the_responsable_decides_of_publications_too(scene):
    proposal = ("En attente", "1 proposition de publication à décider")
    assert read(scene["responsable"]) == [*OF_THE_ANS, proposal]


def test_each_line_says_why_and_how_long(scene):
    lines = {line.urgent.what: line for line in urgent_lines(scene["distributeur"], now=NOW)}
    ended, ends = lines[RIGHT_ENDED[1]], lines[RIGHT_ENDS[1]]
    assert ended.urgent.why == "Bloque 3 demandes de paiement"
    assert ended.urgent.who == "Luciole (éditeur)"
    assert (ends.urgent.who, ends.left) == ("Balise (Fournisseur)", "44 jours, dont 32 ouvrés")
    sent_back = lines["PV non conforme à corriger, Angers"]
    assert sent_back.left == "depuis 4 jours, dont 1 ouvré"
    assert sent_back.urgent.why == "Nécessaire pour demander le solde"


def test_what_falls_says_at_which_threshold(scene):
    lines = {line.urgent.what: line for line in urgent_lines(scene["editeur"], now=NOW)}
    fall = lines["PERF passe à 0,5, Dijon"]
    assert fall.urgent.why == "Au seuil de 10 h d'indisponibilité, si l'arrêt en cours continue"
    assert fall.urgent.due_at == NOW + HOUR / 2


def test_an_outsider_has_none_of_it(scene):
    assert read(member(Role.MANDATAIRE)) == []


def test_a_hundred_times_more_costs_no_more_queries(scene, django_assert_max_num_queries):
    def cost():
        with django_assert_max_num_queries(60) as captured:
            urgent_lines(User.objects.get(pk=scene["distributeur"].pk), now=NOW)
        return len(captured)

    few = cost()
    supplier = Supplier.objects.get(organisation__name="Balise")
    for _ in range(5):
        pilot = PilotFactory(prestation=PrestationFactory(supplier=supplier))
        PilotPVFactory(pilot=pilot, state=PVState.NOT_CONFORM)
        AspRequestFactory(prestation=pilot.prestation, state=AspRequestState.INCOMPLETE)
        service = ServiceFactory(prestation=PrestationFactory(supplier=supplier))
        declared(service, start=NOW - HOUR, hours=None, now=NOW, reference=service.code)
        declare(service, scene["distributeur"], NOW - MINUTE, now=NOW, reference=service.code)
    first = cost()
    for _ in range(5):
        service = ServiceFactory(prestation=PrestationFactory(supplier=supplier))
        declared(service, start=NOW - HOUR, hours=None, now=NOW, reference=service.code)
        declare(service, scene["distributeur"], NOW - MINUTE, now=NOW, reference=service.code)
    assert cost() == first
    assert first - few <= PERF_QUERIES
