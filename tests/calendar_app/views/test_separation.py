"""Every decision of the ANS on a filing × every double role: whoever gains, loses or recorded does
not decide, whatever role they hold at the ANS; an agent of nobody concerned does.
"""

import itertools

import pytest
from django.urls import reverse

from accounts.enums import Role
from calendar_app.enums import State
from calendar_app.models import Deadline
from tests.calendar_app.filing_cases import NOW, decided, file, of_prestation
from tests.factories import MembershipFactory, OrganisationFactory, member
from tests.pages import text

pytestmark = [pytest.mark.usefixtures("calendars"), pytest.mark.at(NOW)]
DECISIONS = (State.ACCEPTED, State.TO_CORRECT, State.REFUSED, "reopen")
AT_THE_ANS = (Role.AGENT, Role.RESPONSABLE)
ELSEWHERE = (Role.MANDATAIRE, Role.REPRESENTANT, Role.SALARIE)
ORGANISATIONS = ("fournisseur", "éditeur", "client")
AUTHORS = ("recorded", "prepared")
DOUBLE_ROLES = [
    *itertools.product(AT_THE_ANS, ORGANISATIONS, ELSEWHERE),
    *itertools.product(AT_THE_ANS, AUTHORS, (None,)),
]


@pytest.fixture
def filing():
    """Of a distributeur, for a Client, on the solution of an éditeur."""
    deadline = of_prestation(
        5,
        editeur=member(Role.MANDATAIRE),
        organisation=OrganisationFactory(kind="DISTRIBUTEUR"),
    )
    return file(deadline, member(Role.REPRESENTANT, deadline.organisation))


def in_source_state(filing, decision):
    if decision == "reopen":
        decided(filing, State.REFUSED)
    return filing.deadline


def with_double_role(filing, at_the_ans, concerned, role):
    """An agent who is also one of the parties."""
    person = member(at_the_ans)
    prestation = filing.deadline.prestation
    organisations = {
        "fournisseur": prestation.organisation,
        "éditeur": prestation.supplier.solution.organisation,
        "client": prestation.client,
    }
    if organisation := organisations.get(concerned):
        MembershipFactory(user=person, organisation=organisation, role=role)
    elif concerned == "recorded":
        type(filing).objects.filter(pk=filing.pk).update(recorded_by=person)
    else:
        type(filing).objects.filter(pk=filing.pk).update(prepared_by=person)
    return person


def decide(client, filing, decision):
    address = reverse(
        f"deadlines:{'reopen' if decision == 'reopen' else 'decide'}", args=[filing.deadline_id]
    )
    typed = {
        "receipt": filing.receipt_number,
        "decision": decision,
        "reason": "Il manque la page 2.",
    }
    return client.post(address, typed)


def test_the_matrix_has_88_cases():
    assert len(DECISIONS) * len(DOUBLE_ROLES) == 88


@pytest.mark.parametrize("decision", DECISIONS)
def test_no_double_role_decides(client, filing, decision):
    deadline = in_source_state(filing, decision)
    before = Deadline.objects.get(pk=deadline.pk).state
    for double in DOUBLE_ROLES:
        client.force_login(with_double_role(filing, *double))

        shown = client.get(reverse("deadlines:detail", args=[deadline.pk]))
        response = decide(client, filing, decision)

        assert shown.context["decision_form"] is None, double
        assert shown.context["other_acts"] == [], double
        assert "un autre agent doit décider" in text(shown), double
        assert response.status_code == 422, double
        assert "un autre agent doit décider" in text(response), double
        assert Deadline.objects.get(pk=deadline.pk).state == before, double


@pytest.mark.parametrize("role", AT_THE_ANS)
@pytest.mark.parametrize("decision", DECISIONS)
def test_an_agent_of_nobody_concerned_decides(client, filing, decision, role):
    deadline = in_source_state(filing, decision)
    before = Deadline.objects.get(pk=deadline.pk).state
    client.force_login(member(role))

    assert decide(client, filing, decision).status_code == 302
    assert Deadline.objects.get(pk=deadline.pk).state != before
