"""People who act at the same second, on a real PostgreSQL: one succeeds, the others are refused."""

import pytest
from django.db import connection

from accounts.enums import Kind, Role
from accounts.models import Invitation, Membership, Organisation
from accounts.services.invitations import invitation_accept, invitation_resend, invitation_send
from accounts.services.memberships import membership_remove
from accounts.services.organisations import organisation_create
from tests.accounts.mailbox import received
from tests.accounts.moments import NOW
from tests.at_once import at_once
from tests.by import acting
from tests.factories import MembershipFactory, OrganisationFactory, UserFactory, member

pytestmark = [
    pytest.mark.distributed,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer"),
]
ADDRESS = "nouvelle@exemple.example"
AT_ONCE = 4


@pytest.fixture
def mandataire():
    return member(Role.MANDATAIRE)


@pytest.fixture
def send(mandataire):
    organisation = mandataire.memberships.get().organisation
    return lambda: invitation_send(
        organisation=organisation, email=ADDRESS, role=Role.SALARIE, by=acting(mandataire, NOW)
    )


def test_an_invitation_pressed_four_times_is_accepted_once(send):
    pk = send().pk
    user = UserFactory(email=ADDRESS)
    _done, refused = at_once(
        *[lambda: invitation_accept(invitation=Invitation.objects.get(pk=pk), by=acting(user, NOW))]
        * AT_ONCE
    )
    assert [refusal.messages[0] for refusal in refused] == [
        "Cette invitation a déjà servi : un lien ne sert qu'une fois."
    ] * (AT_ONCE - 1)
    assert Membership.objects.filter(user=user).count() == 1


def test_a_person_invited_four_times_at_once_gets_one_mail(send):
    _done, refused = at_once(*[send] * AT_ONCE)
    assert len(refused) == AT_ONCE - 1
    assert all("est déjà invité" in refusal.messages[0] for refusal in refused)
    assert len(received(ADDRESS)) == 1


def test_accepted_while_it_is_sent_again_it_ends_in_one_state(send, mandataire):
    """Either it was accepted and is not sent again, or the former link is dead."""
    first = send()
    user = UserFactory(email=ADDRESS)
    _done, refused = at_once(
        *[
            lambda: invitation_accept(invitation=first, by=acting(user, NOW)),
            lambda: invitation_resend(invitation=first, by=acting(mandataire, NOW)),
        ]
    )
    assert len(refused) == 1
    was_accepted = Invitation.objects.get().accepted_at is not None
    assert Membership.objects.filter(user=user).exists() is was_accepted
    assert len(received(ADDRESS)) == (1 if was_accepted else 2)


def test_mandataires_who_all_leave_at_once_leave_one_behind():
    host = OrganisationFactory()
    members = MembershipFactory.create_batch(AT_ONCE, organisation=host)
    _done, refused = at_once(
        *[lambda m=m: membership_remove(membership=m, by=acting(m.user, NOW)) for m in members]
    )
    assert len(refused) == 1
    assert host.memberships.count() == 1


def test_a_client_added_four_times_at_once_is_there_once(mandataire):
    _done, refused = at_once(
        *[
            lambda: organisation_create(
                kind=Kind.CLIENT, name="CHU", finess="440000001", by=acting(mandataire, NOW)
            )
        ]
        * AT_ONCE
    )
    assert len(refused) == AT_ONCE - 1
    assert Organisation.objects.clients().count() == 1
