"""Of a VA and of an installation the ANS decides nothing: no role there opens an act of the
Fournisseur, whatever other role the person holds."""

import pytest
from django.urls import reverse

from accounts.enums import Role
from accounts.models import Organisation
from pilots.enums import ConditionState, ConnectorKind
from pilots.va.services.portals import portal_save
from tests.by import acting
from tests.factories import (
    MembershipFactory,
    OrganisationFactory,
    PrestationFactory,
    SupplierFactory,
    UserFactory,
    member,
)
from tests.pilots.vas import noon, notified, recorded

pytestmark = pytest.mark.usefixtures("calendars")
BINDING = {
    "create": "va:create",
    "correct": "va:correct",
    "notify": "va:notify",
    "withdraw": "va:withdraw",
    "condition": "va:condition",
    "undo": "va:undo",
}
"""Acts of a Représentant or a Mandataire of the Fournisseur."""
PREPARING = {
    "connector": "installation:connector",
    "portal_create": "installation:portal_create",
    "portal_absence": "installation:portal_absence",
    "portal": "installation:portal",
}
"""Acts of every member of the Fournisseur."""
ANS = (Role.AGENT, Role.RESPONSABLE)


@pytest.fixture
def prestation():
    """Of a distributeur, on the solution of an éditeur."""
    supplier = SupplierFactory(
        solution__drimbox=True, organisation=OrganisationFactory(kind="DISTRIBUTEUR")
    )
    return PrestationFactory(supplier=supplier)


@pytest.fixture
def addresses(prestation):
    """Act → its address, everything being there to be acted on."""
    person = member(Role.REPRESENTANT, organisation=prestation.organisation)
    va = recorded(prestation, person)
    notified(va, person)
    reported = va.conditions.filter(state=ConditionState.REPORTED).first()
    portal = portal_save(prestation, name="Portail", by=acting(person, noon("2026-11-22")))
    keys = {
        **dict.fromkeys((*BINDING, *PREPARING), (prestation.pk,)),
        **dict.fromkeys(("condition", "undo"), (reported.pk,)),
        "connector": (prestation.pk, ConnectorKind.DB_CR),
        "portal": (portal.pk,),
    }
    names = {**BINDING, **PREPARING}
    return {act: reverse(names[act], args=args) for act, args in keys.items()}


def double(ans_role, role=None, organisation=None):
    """A person of the ANS, also of this organisation."""
    person = UserFactory()
    ans = Organisation.objects.filter(kind="ANS").first() or OrganisationFactory(ans=True)
    MembershipFactory(user=person, organisation=ans, role=ans_role)
    if organisation:
        MembershipFactory(user=person, organisation=organisation, role=role)
    return person


def refused(client, person, addresses):
    client.force_login(person)
    return {act for act, url in addresses.items() if client.post(url).status_code == 403}


@pytest.mark.parametrize("ans_role", ANS)
def test_the_ans_does_none_of_the_ten_acts(client, addresses, ans_role):
    assert len(addresses) == 10
    assert refused(client, double(ans_role), addresses) == set(addresses)


@pytest.mark.parametrize("ans_role", ANS)
@pytest.mark.parametrize("role", [Role.MANDATAIRE, Role.REPRESENTANT, Role.SALARIE])
def test_nor_does_somebody_who_is_also_of_the_editeur(
    client, prestation, addresses, ans_role, role
):
    editeur = prestation.supplier.solution.organisation
    assert refused(client, double(ans_role, role, editeur), addresses) == set(addresses)


@pytest.mark.parametrize("ans_role", ANS)
@pytest.mark.parametrize("role", [Role.MANDATAIRE, Role.REPRESENTANT, Role.SALARIE])
def test_somebody_who_is_also_of_the_fournisseur_acts_as_their_role_there(
    client, prestation, addresses, ans_role, role
):
    person = double(ans_role, role, prestation.organisation)
    closed = set(BINDING) if role == Role.SALARIE else set()
    assert refused(client, person, addresses) == closed
