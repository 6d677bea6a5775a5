"""Nobody invites themselves: a second role is given by somebody else."""

import pytest
from allauth.account.models import EmailAddress
from django.urls import reverse
from django.utils import timezone

from accounts.enums import Role
from accounts.models import Invitation, Membership
from accounts.services.invitations import OWN, invitation_send
from tests.accounts.mailbox import last, link
from tests.by import acting
from tests.factories import OrganisationFactory, UserFactory, member
from tests.pages import markup, text

pytestmark = pytest.mark.django_db


@pytest.fixture
def responsable(client):
    person = member(Role.RESPONSABLE, email="claire.vasseur@ans.example")
    EmailAddress.objects.create(user=person, email="claire@ailleurs.example", verified=False)
    client.force_login(person)
    return person


@pytest.fixture
def editeur():
    return OrganisationFactory()


def invite(client, editeur, email):
    url = reverse("accounts:invite", args=[editeur.pk])
    return client.post(url, {"email": email, "role": Role.MANDATAIRE})


@pytest.mark.usefixtures("responsable")
@pytest.mark.parametrize(
    "address",
    [
        "claire.vasseur@ans.example",
        "Claire.Vasseur@ANS.example",
        " claire.vasseur@ans.example ",
        "claire.vasseur+editeur@ans.example",
        "ｃlaire.vasseur@ans.example",
        "claire@ailleurs.example",
        "CLAIRE+2@ailleurs.example",
    ],
)
def test_one_s_own_address_is_refused_however_it_is_written(client, editeur, address):
    page = invite(client, editeur, address)
    assert OWN in text(page)
    assert not Invitation.objects.exists()


@pytest.mark.usefixtures("responsable")
def test_another_account_on_the_same_mailbox_is_refused(client, editeur):
    UserFactory(email="claire.vasseur+bis@ans.example")
    assert OWN in text(invite(client, editeur, "claire.vasseur+bis@ans.example"))


@pytest.mark.usefixtures("responsable")
@pytest.mark.parametrize("address", ["paul@ans.example", "claire.vasseur@editeur.example"])
def test_somebody_else_is_invited(client, editeur, address):
    assert invite(client, editeur, address).status_code == 302
    assert Invitation.objects.get().email == address


def test_the_one_who_sent_it_does_not_accept_it_after_taking_its_address(
    client, responsable, editeur
):
    invite(client, editeur, "autre@exemple.example")
    responsable.email = "autre@exemple.example"
    responsable.save()
    url = link(last("autre@exemple.example"))
    client.force_login(responsable)
    assert OWN in text(client.post(url, follow=True))
    assert not Membership.objects.filter(organisation=editeur).exists()


def test_one_does_not_send_one_s_own_invitation_again(client, responsable, editeur):
    other = member(Role.RESPONSABLE)
    invitation = invitation_send(
        organisation=editeur,
        email=responsable.email,
        role=Role.SALARIE,
        by=acting(other, timezone.now()),
    )
    url = reverse("accounts:invitation_resend", args=[invitation.pk])
    assert OWN in text(client.post(url, follow=True))


def test_a_double_role_given_by_somebody_else_stays_legal(client, responsable, editeur):
    invitation_send(
        organisation=editeur,
        email=responsable.email,
        role=Role.SALARIE,
        by=acting(member(Role.RESPONSABLE), timezone.now()),
    )
    client.post(link(last(responsable.email)))
    assert Membership.objects.get(organisation=editeur).user == responsable


def test_the_form_keeps_what_was_typed(client, responsable, editeur):
    assert f'value="{responsable.email}"' in markup(invite(client, editeur, responsable.email))
