"""Every decision of the ANS on a PV or a publication × every double role: whoever gains, loses or
recorded does not decide, whatever role they hold at the ANS.
"""

import itertools

import pytest
from django.urls import reverse

from accounts.enums import Role
from pilots.enums import PublicationState, PVState
from pilots.pv.models import PilotPV, Publication
from tests.factories import MembershipFactory, OrganisationFactory, SupplierFactory, member
from tests.pilots.reviewing import NOW, accept, agent, proposed_by, pv_of, url

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("calendars"), pytest.mark.at(NOW)]
AT_THE_ANS = (Role.AGENT, Role.RESPONSABLE)
ELSEWHERE = (Role.MANDATAIRE, Role.REPRESENTANT, Role.SALARIE)
DECISIONS = {
    "accept": PVState.IN_REVIEW,
    "refuse": PVState.IN_REVIEW,
    "confirm": PVState.TO_CONFIRM,
    "contradict": PVState.TO_CONFIRM,
    "reopen": PVState.CONFORM,
}
MEMBERS = [*itertools.product(AT_THE_ANS, ("fournisseur", "éditeur", "client"), ELSEWHERE)]
AUTHORS = [*itertools.product(AT_THE_ANS, ("prepared_by", "sent_by"))]
PUBLISHING = {
    "publish": PublicationState.PROPOSED,
    "set_aside": PublicationState.PROPOSED,
    "withdraw": PublicationState.PUBLISHED,
    "propose_again": PublicationState.WITHDRAWN,
}
OF_A_PUBLICATION = [
    *itertools.product(("fournisseur", "éditeur", "other fournisseur"), ELSEWHERE),
]


@pytest.fixture
def supplier():
    """A distributeur of the solution of an éditeur."""
    return SupplierFactory(organisation=OrganisationFactory(kind="DISTRIBUTEUR"))


def test_the_matrix_has_146_cases():
    of_pvs = len(DECISIONS) * (len(MEMBERS) + len(AUTHORS))
    assert (of_pvs, len(PUBLISHING) * len(OF_A_PUBLICATION)) == (110, 36)


def pv_to(decision, supplier):
    """A PV on which this decision is possible."""
    if DECISIONS[decision] == PVState.TO_CONFIRM:
        return proposed_by(agent(), supplier=supplier)
    pv = pv_of(supplier, state=PVState.IN_REVIEW, assigned_to=(reviewer := agent()))
    if decision == "reopen":
        accept(pv, reviewer)
    return pv


def decide(client, pv, decision):
    """As the page sends it, by the agent who has the PV and had its file shown."""
    file = pv.files.first()
    if (shown := client.get(url("file", file.pk))).status_code == 200:
        shown.getvalue()
    read = {"read": file.sha256}
    name, data = {
        "accept": ("decide", {**read, "outcome": "CONFORME", "all_checked": "on"}),
        "refuse": ("decide", {**read, "outcome": "NON_CONFORME", "kind-client": "ABSENTE"}),
        "confirm": ("confirm", {}),
        "contradict": ("contradict", {"note": "Il est page 2."}),
        "reopen": ("reopen", {"reason": "Le FINESS est faux."}),
    }[decision]
    return client.post(url(name, pv.pk), data)


@pytest.mark.parametrize("decision", DECISIONS)
def test_no_member_of_an_organisation_concerned_decides(client, supplier, decision):
    pv = pv_to(decision, supplier)
    prestation = pv.pilot.prestation
    organisations = {
        "fournisseur": prestation.organisation,
        "éditeur": prestation.supplier.solution.organisation,
        "client": prestation.client,
    }
    for at_the_ans, concerned, role in MEMBERS:
        person = agent(at_the_ans)
        organisation = organisations[concerned]
        MembershipFactory(user=person, organisation=organisation, role=role)
        assert _refused(client, pv, person, decision) == 403, (at_the_ans, concerned, role)


@pytest.mark.parametrize("decision", DECISIONS)
def test_nobody_who_prepared_or_sent_the_pv_decides(client, supplier, decision):
    pv = pv_to(decision, supplier)
    for at_the_ans, name in AUTHORS:
        person = agent(at_the_ans)
        PilotPV.objects.filter(pk=pv.pk).update(**{name: person})
        pv.refresh_from_db()
        status = _refused(client, pv, person, decision)
        barred = 403 if decision == "reopen" and at_the_ans == Role.AGENT else 422
        assert status == (302 if decision == "confirm" else barred), (at_the_ans, name)


def _refused(client, pv, person, decision):
    """The status of the answer; nothing has changed."""
    if DECISIONS[decision] == PVState.IN_REVIEW:
        PilotPV.objects.filter(pk=pv.pk).update(assigned_to=person)
    client.force_login(person)
    response = decide(client, pv, decision)
    row = PilotPV.objects.get(pk=pv.pk)
    assert row.state == DECISIONS[decision]
    return response.status_code


@pytest.mark.parametrize("decision", DECISIONS)
def test_an_agent_of_nobody_concerned_decides(client, supplier, decision):
    pv = pv_to(decision, supplier)
    person = agent(Role.RESPONSABLE)
    if DECISIONS[decision] == PVState.IN_REVIEW:
        PilotPV.objects.filter(pk=pv.pk).update(assigned_to=person)
    client.force_login(person)
    assert decide(client, pv, decision).status_code == 302
    assert PilotPV.objects.get(pk=pv.pk).state != DECISIONS[decision]


def publication_to(decision, supplier):
    reviewer = agent()
    for _ in range(3):
        accept(pv_of(supplier, state=PVState.IN_REVIEW, assigned_to=reviewer), reviewer)
    found = Publication.objects.get()
    state = PUBLISHING[decision]
    Publication.objects.update(
        state=state,
        published_at=NOW if state == PublicationState.PUBLISHED else None,
        withdrawn_at=NOW if state == PublicationState.WITHDRAWN else None,
    )
    return found


def publishing(client, publication, decision):
    name = {"publish": "decide", "propose_again": "propose_again"}.get(decision, "withdraw")
    address = reverse(f"publications:{name}", args=[publication.pk])
    return client.post(address, {"reason": "Relu."})


@pytest.mark.parametrize("decision", PUBLISHING)
def test_no_member_of_an_organisation_concerned_publishes(client, supplier, decision):
    publication = publication_to(decision, supplier)
    other = SupplierFactory(solution=supplier.solution)
    organisations = {
        "fournisseur": supplier.organisation,
        "éditeur": supplier.solution.organisation,
        "other fournisseur": other.organisation,
    }
    for concerned, role in OF_A_PUBLICATION:
        person = agent(Role.RESPONSABLE)
        MembershipFactory(user=person, organisation=organisations[concerned], role=role)
        client.force_login(person)
        assert publishing(client, publication, decision).status_code == 403, (concerned, role)
    assert Publication.objects.get().state == PUBLISHING[decision]


@pytest.mark.parametrize("decision", PUBLISHING)
def test_a_responsable_of_nobody_concerned_publishes(client, supplier, decision):
    publication = publication_to(decision, supplier)
    client.force_login(agent(Role.RESPONSABLE))
    assert publishing(client, publication, decision).status_code == 302


@pytest.mark.parametrize("decision", DECISIONS)
def test_an_outsider_finds_no_pv(client, supplier, decision):
    pv = pv_to(decision, supplier)
    client.force_login(member(Role.MANDATAIRE))
    assert decide(client, pv, decision).status_code == 404
